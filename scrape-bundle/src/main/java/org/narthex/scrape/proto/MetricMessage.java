package org.narthex.scrape.proto;

import java.util.Arrays;

import org.narthex.api.model.MetricType;
import org.narthex.scrape.text.PageFormatException;

/** One {@code io.prometheus.client.Metric}. Used again and again. */
final class MetricMessage {
    private final ProtoReader in = new ProtoReader();
    private final HistogramMessage histogram = new HistogramMessage();
    private byte[] page = {};
    /** Where the label messages begin, with their lengths, and end. */
    private int[] labels = new int[32];

    private int labelEnd;
    private int labelBytes;
    private double value;
    private int exemplarFrom;
    private int exemplarTo;
    private long timestampMs;
    private long startMs;
    private long sampleCount;
    private double sum;
    private double[] quantiles = new double[8];
    private double[] quantileValues = new double[8];
    private int quantileCount;

    void read(byte[] bytes, int from, int to, MetricType type) throws PageFormatException {
        page = bytes;
        labelEnd = 0;
        labelBytes = 0;
        value = 0;
        exemplarFrom = 0;
        exemplarTo = 0;
        timestampMs = 0;
        startMs = 0;
        sampleCount = 0;
        sum = 0;
        quantileCount = 0;
        histogram.clear();
        in.reset(bytes, from, to);
        while (in.next()) {
            int field = in.field();
            if (field == 1) {
                label();
            } else if (field == 6) {
                timestampMs = in.number();
            } else if (field == wanted(type)) {
                int outer = in.enter(in.length());
                switch (type) {
                    case SUMMARY -> summary();
                    case HISTOGRAM, GAUGEHISTOGRAM -> histogram.read(in);
                    default -> single();
                }
                in.leave(outer);
            } else {
                in.skip();
            }
        }
    }

    private static int wanted(MetricType type) {
        return switch (type) {
            case GAUGE -> 2;
            case COUNTER -> 3;
            case SUMMARY -> 4;
            case HISTOGRAM, GAUGEHISTOGRAM -> 7;
            default -> 5;
        };
    }

    private void label() throws PageFormatException {
        int from = in.position();
        int to = in.length();
        in.position(to);
        if (labelEnd == labels.length) {
            labels = Arrays.copyOf(labels, 2 * labelEnd);
        }
        labels[labelEnd++] = from;
        labels[labelEnd++] = to;
        labelBytes += to - from;
    }

    /** A counter, gauge or untyped metric. */
    private void single() throws PageFormatException {
        while (in.next()) {
            switch (in.field()) {
                case 1 -> value = in.real();
                case 2 -> {
                    exemplarTo = in.length();
                    exemplarFrom = in.position();
                    in.position(exemplarTo);
                }
                case 3 -> startMs = ProtoExemplars.timestampMs(in, in.length());
                default -> in.skip();
            }
        }
    }

    private void summary() throws PageFormatException {
        while (in.next()) {
            switch (in.field()) {
                case 1 -> sampleCount = in.number();
                case 2 -> sum = in.real();
                case 3 -> quantile();
                case 4 -> startMs = ProtoExemplars.timestampMs(in, in.length());
                default -> in.skip();
            }
        }
    }

    private void quantile() throws PageFormatException {
        int outer = in.enter(in.length());
        double quantile = 0;
        double at = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> quantile = in.real();
                case 2 -> at = in.real();
                default -> in.skip();
            }
        }
        in.leave(outer);
        if (quantileCount == quantiles.length) {
            quantiles = Arrays.copyOf(quantiles, 2 * quantileCount);
            quantileValues = Arrays.copyOf(quantileValues, 2 * quantileCount);
        }
        quantiles[quantileCount] = quantile;
        quantileValues[quantileCount++] = at;
    }

    /** How long the labels are, each with its length before it. */
    int labelBytes() {
        return labelBytes;
    }

    void copyLabels(byte[] into, int at) {
        int p = at;
        for (int i = 0; i < labelEnd; i += 2) {
            int length = labels[i + 1] - labels[i];
            System.arraycopy(page, labels[i], into, p, length);
            p += length;
        }
    }

    double value() {
        return value;
    }

    void exemplar(ProtoExemplars into) {
        if (exemplarTo > 0) {
            into.add(exemplarFrom, exemplarTo);
        }
    }

    /** 0 if there is none. */
    long timestampMs() {
        return timestampMs;
    }

    /** Of all but histograms; 0 if there is none. */
    long startMs() {
        return startMs;
    }

    double count() {
        return HistogramMessage.unsigned(sampleCount);
    }

    double sum() {
        return sum;
    }

    int quantiles() {
        return quantileCount;
    }

    double quantile(int i) {
        return quantiles[i];
    }

    double quantileValue(int i) {
        return quantileValues[i];
    }

    HistogramMessage histogram() {
        return histogram;
    }
}
