package org.narthex.scrape.proto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.MetricType;
import org.narthex.scrape.text.FamilySink;
import org.narthex.scrape.text.OpenMetricsFloat;
import org.narthex.scrape.text.PageFormatException;
import org.narthex.scrape.text.PageParser;
import org.narthex.scrape.text.Prediction;
import org.narthex.scrape.text.SeriesText;
import org.narthex.scrape.text.Utf8;

/**
 * Reads {@code io.prometheus.client.MetricFamily} messages, each with its length before it. A series is named by bytes made up for it: which of the
 * family's series it is, the bound of a bucket or quantile, the family's name and the labels as the page has them:
 *
 * <pre>
 * byte   kind        0xf8 and above, which never stands first in a text
 * 8 byte bound       of a bucket or quantile; of others 0
 * 4 byte length      of the name
 *        name
 *        labels      the field {@code label} again and again, without the tags
 * </pre>
 */
public final class ProtobufParser implements PageParser {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte VALUE = (byte) 0xf8;
    private static final byte COUNT = (byte) 0xf9;
    private static final byte SUM = (byte) 0xfa;
    private static final byte PART = (byte) 0xfb;
    private static final byte NATIVE = (byte) 0xfc;

    private static final int BOUND = 1;
    private static final int NAME_LENGTH = BOUND + 8;
    private static final int NAME = NAME_LENGTH + 4;

    private static final MetricType[] TYPES = {
        MetricType.COUNTER,
        MetricType.GAUGE,
        MetricType.SUMMARY,
        MetricType.UNKNOWN,
        MetricType.HISTOGRAM,
        MetricType.GAUGEHISTOGRAM
    };

    private final ProtoReader families = new ProtoReader();
    private final ProtoReader metrics = new ProtoReader();
    private final ProtoReader labelPairs = new ProtoReader();
    private final MetricMessage metric = new MetricMessage();
    private final ProtoExemplars exemplars = new ProtoExemplars();
    private FamilySink sink;
    private boolean nativeHistograms;
    private boolean alwaysClassic;

    private boolean inFamily;
    private MetricType type = MetricType.UNKNOWN;
    private int familyHash;
    private String unit = "";
    private int nameFrom;
    private int nameTo;

    /** The next sample of the metric: the native histogram, then the parts; beyond the last when the metric is done. */
    private int step;

    private int steps;

    private byte[] series = new byte[256];
    private int seriesEnd;
    private boolean predicted;

    private double value;
    private Histogram histogram;

    /**
     * Says what to make of histograms.
     *
     * @param takesNative whether to read native histograms; without, their classic form
     * @param takesClassicToo whether to read the classic form beside a native histogram
     */
    public void take(boolean takesNative, boolean takesClassicToo) {
        nativeHistograms = takesNative;
        alwaysClassic = takesClassicToo;
    }

    @Override
    public void reset(byte[] page, int length, FamilySink familySink) {
        families.reset(page, 0, length);
        sink = familySink;
        inFamily = false;
        type = MetricType.UNKNOWN;
        familyHash = 0;
        unit = "";
        step = 0;
        steps = 0;
    }

    @Override
    public boolean next(Prediction prediction) throws PageFormatException {
        while (step >= steps) {
            if (!inFamily || !nextMetric()) {
                if (!nextFamily()) {
                    return false;
                }
            }
        }
        sample(step++);
        int end = prediction.end(series, 0, seriesEnd + 1);
        predicted = end == seriesEnd;
        return true;
    }

    /** Looks through a family once for what is said about all of it, then goes back to its first metric. */
    private boolean nextFamily() throws PageFormatException {
        if (families.position() >= families.end()) {
            return false;
        }
        int end = families.delimited();
        int start = families.position();
        families.position(end);
        metrics.reset(families.bytes(), start, end);
        nameFrom = start;
        nameTo = start;
        int helpFrom = start;
        int helpTo = start;
        int unitFrom = start;
        int unitTo = start;
        long typeNumber = 0;
        boolean hasMetric = false;
        while (metrics.next()) {
            switch (metrics.field()) {
                case 1 -> {
                    nameTo = metrics.length();
                    nameFrom = metrics.position();
                    metrics.position(nameTo);
                }
                case 2 -> {
                    helpTo = metrics.length();
                    helpFrom = metrics.position();
                    metrics.position(helpTo);
                }
                case 3 -> typeNumber = metrics.number();
                case 5 -> {
                    unitTo = metrics.length();
                    unitFrom = metrics.position();
                    metrics.position(unitTo);
                }
                default -> {
                    hasMetric |= metrics.field() == 4;
                    metrics.skip();
                }
            }
        }
        inFamily = hasMetric;
        metrics.reset(families.bytes(), start, end);
        if (hasMetric) {
            family(typeNumber, helpFrom, helpTo, unitFrom, unitTo);
        }
        return true;
    }

    private void family(long typeNumber, int helpFrom, int helpTo, int unitFrom, int unitTo)
            throws PageFormatException {
        byte[] page = families.bytes();
        if (nameFrom == nameTo || !Utf8.isValid(page, nameFrom, nameTo)) {
            throw metrics.error("invalid metric name: " + text(nameFrom, nameTo));
        }
        if (!Utf8.isValid(page, helpFrom, helpTo)) {
            throw metrics.error("invalid help for metric \"" + text(nameFrom, nameTo) + "\"");
        }
        if (typeNumber < 0 || typeNumber >= TYPES.length) {
            throw metrics.error("unknown metric type for metric \"" + text(nameFrom, nameTo) + "\": " + typeNumber);
        }
        type = TYPES[(int) typeNumber];
        familyHash = SeriesText.familyHash(page, nameFrom, nameTo);
        sink.help(page, nameFrom, nameTo, helpFrom, helpTo, FamilySink.Escaping.NONE);
        sink.type(page, nameFrom, nameTo, type);
        if (unitFrom == unitTo) {
            unit = "";
            return;
        }
        checkUnit(unitFrom, unitTo);
        if (!unit.contentEquals(text(unitFrom, unitTo))) {
            unit = text(unitFrom, unitTo);
        }
        sink.unit(page, nameFrom, nameTo, unitFrom, unitTo);
    }

    private void checkUnit(int unitFrom, int unitTo) throws PageFormatException {
        String name = text(nameFrom, nameTo);
        String given = text(unitFrom, unitTo);
        boolean isTotal = type == MetricType.COUNTER && name.endsWith("_total");
        String base = isTotal ? name.substring(0, name.length() - "_total".length()) : name;
        if (!base.endsWith("_" + given)) {
            throw metrics.error(
                    "unit \"" + given + "\" not a suffix of " + (isTotal ? "counter" : "metric") + " \"" + name + "\"");
        }
    }

    private String text(int from, int to) {
        return new String(families.bytes(), from, to - from, StandardCharsets.UTF_8);
    }

    private boolean nextMetric() throws PageFormatException {
        while (metrics.next()) {
            if (metrics.field() != 4) {
                metrics.skip();
                continue;
            }
            int end = metrics.length();
            int start = metrics.position();
            metric.read(metrics.bytes(), start, end, type);
            metrics.position(end);
            name();
            step = firstStep();
            steps = lastStep();
            return true;
        }
        inFamily = false;
        return false;
    }

    private boolean isHistogram() {
        return type == MetricType.HISTOGRAM || type == MetricType.GAUGEHISTOGRAM;
    }

    private boolean isNative() {
        return nativeHistograms && isHistogram() && metric.histogram().isNative();
    }

    /** Step 0 is the native histogram or the single value. */
    private int firstStep() {
        return isNative() || !(isHistogram() || type == MetricType.SUMMARY) ? 0 : 1;
    }

    /** Steps 1 and 2 are count and sum, those from 3 on buckets or quantiles. */
    private int lastStep() {
        if (type == MetricType.SUMMARY) {
            return 3 + metric.quantiles();
        }
        if (!isHistogram()) {
            return 1;
        }
        HistogramMessage read = metric.histogram();
        if (isNative() && (!alwaysClassic || read.buckets() == 0)) {
            return 1;
        }
        return 3 + read.buckets() + (read.endsWithInfinity() ? 0 : 1);
    }

    /** Fills in what all series of the metric have in common. */
    private void name() {
        int nameLength = nameTo - nameFrom;
        int length = NAME + nameLength + metric.labelBytes();
        if (length >= series.length) {
            series = Arrays.copyOf(series, 2 * length);
        }
        INTS.set(series, NAME_LENGTH, nameLength);
        System.arraycopy(families.bytes(), nameFrom, series, NAME, nameLength);
        metric.copyLabels(series, NAME + nameLength);
        seriesEnd = length;
    }

    private void sample(int at) throws PageFormatException {
        histogram = null;
        exemplars.clear();
        double bound = 0;
        byte kind;
        if (at == 0) {
            kind = isNative() ? NATIVE : VALUE;
            if (kind == NATIVE) {
                histogram = metric.histogram().toHistogram(type == MetricType.GAUGEHISTOGRAM);
                metric.histogram().nativeExemplars(exemplars);
            } else {
                value = metric.value();
                metric.exemplar(exemplars);
            }
        } else if (at == 1) {
            kind = COUNT;
            value = isHistogram() ? metric.histogram().count() : metric.count();
        } else if (at == 2) {
            kind = SUM;
            value = isHistogram() ? metric.histogram().sum() : metric.sum();
        } else {
            kind = PART;
            if (isHistogram()) {
                bound = metric.histogram().bound(at - 3);
                value = metric.histogram().cumulative(at - 3);
                metric.histogram().bucketExemplar(at - 3, exemplars);
            } else {
                bound = metric.quantile(at - 3);
                value = metric.quantileValue(at - 3);
            }
        }
        if (Double.isNaN(value)) {
            value = SeriesText.NAN;
        }
        series[0] = kind;
        LONGS.set(series, BOUND, Double.doubleToLongBits(bound));
    }

    @Override
    public byte[] series() {
        return series;
    }

    @Override
    public int seriesStart() {
        return 0;
    }

    @Override
    public int seriesEnd() {
        return seriesEnd;
    }

    @Override
    public boolean predicted() {
        return predicted;
    }

    @Override
    public void read(SeriesText into) throws PageFormatException {
        int nameLength = (int) INTS.get(series, NAME_LENGTH);
        String name = new String(series, NAME, nameLength, StandardCharsets.UTF_8);
        into.begin(name + suffix(series[0]));
        labelPairs.reset(series, NAME + nameLength, seriesEnd);
        while (labelPairs.position() < seriesEnd) {
            label(into);
        }
        if (series[0] == PART) {
            double bound = Double.longBitsToDouble((long) LONGS.get(series, BOUND));
            into.add(isHistogram() ? "le" : "quantile", OpenMetricsFloat.format(bound));
        }
    }

    private String suffix(byte kind) {
        return switch (kind) {
            case COUNT -> "_count";
            case SUM -> "_sum";
            case PART -> isHistogram() ? "_bucket" : "";
            default -> "";
        };
    }

    private void label(SeriesText into) throws PageFormatException {
        int outer = labelPairs.enter(labelPairs.delimited());
        String name = "";
        String labelValue = "";
        while (labelPairs.next()) {
            if (labelPairs.field() > 2) {
                labelPairs.skip();
                continue;
            }
            boolean isName = labelPairs.field() == 1;
            int to = labelPairs.length();
            int from = labelPairs.position();
            if (!Utf8.isValid(series, from, to)) {
                throw new PageFormatException(
                        "invalid label " + (isName ? "name" : "value") + " of metric " + into.value(0) + ": not UTF-8");
            }
            String text = new String(series, from, to - from, StandardCharsets.UTF_8);
            labelPairs.position(to);
            name = isName ? text : name;
            labelValue = isName ? labelValue : text;
        }
        labelPairs.leave(outer);
        into.add(name, labelValue);
    }

    @Override
    public double value() {
        return value;
    }

    @Override
    public Histogram histogram() {
        return histogram;
    }

    @Override
    public boolean hasTimestamp() {
        return metric.timestampMs() != 0;
    }

    @Override
    public long timestampMs() {
        return metric.timestampMs();
    }

    @Override
    public MetricType type() {
        return type;
    }

    @Override
    public int familyHash() {
        return familyHash;
    }

    @Override
    public String unit() {
        return unit;
    }

    @Override
    public long startTimestampMs() {
        return isHistogram() ? metric.histogram().startMs() : metric.startMs();
    }

    @Override
    public long exemplarHash() {
        return exemplars.hash(families.bytes());
    }

    @Override
    public void exemplars(long timeMs, List<Exemplar> into) throws PageFormatException {
        exemplars.read(families.bytes(), timeMs, into);
    }
}
