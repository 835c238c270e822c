package org.narthex.remote;

import java.util.Arrays;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Metadata;

/**
 * {@code io.prometheus.write.v2.Request}, remote write 2.0: all texts stand in one table. Each text is hashed once, and a series is known by the
 * hashes of its texts; the numbers by which it names them differ from request to request.
 */
final class MessageV2 extends Message {
    private static final int SYMBOL = 4 << 3 | Wire.LENGTH;
    private static final int SERIES = 5 << 3 | Wire.LENGTH;
    private static final int LABEL_REFS = 1 << 3 | Wire.LENGTH;
    private static final int LABEL_REF = 1 << 3 | Wire.VARINT;
    private static final int SAMPLE = 2 << 3 | Wire.LENGTH;
    private static final int HISTOGRAM = 3 << 3 | Wire.LENGTH;
    private static final int EXEMPLAR = 4 << 3 | Wire.LENGTH;
    private static final int METADATA = 5 << 3 | Wire.LENGTH;
    private static final int DOUBLE_1 = 1 << 3 | Wire.FIXED64;
    private static final int DOUBLE_2 = 2 << 3 | Wire.FIXED64;
    private static final int NUMBER_1 = 1 << 3 | Wire.VARINT;
    private static final int NUMBER_2 = 2 << 3 | Wire.VARINT;
    private static final int NUMBER_3 = 3 << 3 | Wire.VARINT;
    private static final int NUMBER_4 = 4 << 3 | Wire.VARINT;
    private static final byte[] METRIC_NAME = {'_', '_', 'n', 'a', 'm', 'e', '_', '_'};

    private final Texts texts;
    private final SeriesHash hash;
    private final SeriesHash metadataHash;
    private final SeriesLabels exemplarLabels = new SeriesLabels();

    private byte[] request = {};
    /** The table of texts: where each begins and ends, its hash, and itself once somebody asked for it. */
    private int[] begins = new int[256];

    private int[] ends = new int[256];
    private long[] highs = new long[256];
    private long[] lows = new long[256];
    private String[] symbols = new String[256];
    private boolean[] invalid = new boolean[256];
    private int size;
    /** The number of {@code __name__}, or -1. */
    private int nameSymbol;

    /** Label numbers of the series that need them later, one after the other. */
    private int[] kept = new int[256];

    private int keptSize;
    private int[] refs = new int[64];
    private int refCount;

    private boolean hasMetadata;
    private long metadataType;
    private int helpSymbol;
    private int unitSymbol;

    MessageV2(Texts texts, SeriesHash.Keys keys) {
        this.texts = texts;
        hash = new SeriesHash(keys);
        metadataHash = new SeriesHash(keys);
    }

    @Override
    void read(Intake intake) throws BadRequestException {
        Wire wire = intake.wire();
        request = wire.bytes;
        int limit = wire.limit();
        int start = wire.pos;
        // Texts first, wherever they stand.
        nameSymbol = -1;
        while (wire.pos < limit) {
            int tag = wire.tag();
            if (tag == SYMBOL) {
                int end = wire.messageEnd(limit);
                symbol(wire.bytes, wire.pos, end);
                wire.pos = end;
            } else {
                wire.skip(tag, limit);
            }
        }
        wire.atEnd(limit);
        wire.pos = start;
        while (wire.pos < limit) {
            int tag = wire.tag();
            if (tag == SERIES) {
                series(wire, wire.messageEnd(limit), intake);
            } else {
                wire.skip(tag, limit);
            }
        }
    }

    private void symbol(byte[] bytes, int from, int to) {
        if (size == begins.length) {
            int capacity = 2 * size;
            begins = Arrays.copyOf(begins, capacity);
            ends = Arrays.copyOf(ends, capacity);
            highs = Arrays.copyOf(highs, capacity);
            lows = Arrays.copyOf(lows, capacity);
            symbols = Arrays.copyOf(symbols, capacity);
            invalid = Arrays.copyOf(invalid, capacity);
        }
        hash.bytes(bytes, from, to);
        begins[size] = from;
        ends[size] = to;
        highs[size] = hash.high();
        lows[size] = hash.low();
        if (nameSymbol < 0 && Arrays.equals(bytes, from, to, METRIC_NAME, 0, METRIC_NAME.length)) {
            nameSymbol = size;
        }
        size++;
    }

    private void series(Wire wire, int end, Intake intake) throws BadRequestException {
        int from = wire.pos;
        refCount = 0;
        hasMetadata = false;
        int points = 0;
        while (wire.pos < end) {
            int tag = wire.tag();
            switch (tag) {
                case LABEL_REFS -> labelRefs(wire, wire.messageEnd(end));
                case LABEL_REF -> labelRef(wire.varint());
                case METADATA -> metadata(wire, wire.messageEnd(end));
                default -> {
                    points += tag == SAMPLE || tag == HISTOGRAM ? 1 : 0;
                    wire.skip(tag, end);
                }
            }
        }
        wire.atEnd(end);
        String wrong = refProblem();
        if (wrong.isEmpty()) {
            start(intake, points);
        } else {
            intake.startBadSeries(wrong);
        }
        wire.pos = from;
        while (wire.pos < end) {
            int tag = wire.tag();
            switch (tag) {
                case SAMPLE -> sample(wire, wire.messageEnd(end), intake);
                case HISTOGRAM -> histogram(wire, wire.messageEnd(end), intake);
                case EXEMPLAR -> exemplar(wire, wire.messageEnd(end), intake);
                default -> wire.skip(tag, end);
            }
        }
    }

    private void start(Intake intake, int points) throws BadRequestException {
        int first = keptSize;
        keep();
        hash.sequence(refs, refCount, highs, lows);
        boolean valid = intake.startSeries(hash, first, keptSize);
        if (points == 0) {
            intake.endSeries("TimeSeries must contain at least one sample or histogram");
        } else if (valid && hasMetadata) {
            metadata(intake);
        }
    }

    private void keep() {
        if (kept.length - keptSize < refCount) {
            kept = Arrays.copyOf(kept, 2 * (keptSize + refCount));
        }
        System.arraycopy(refs, 0, kept, keptSize, refCount);
        keptSize += refCount;
    }

    private void labelRefs(Wire wire, int end) throws BadRequestException {
        while (wire.pos < end) {
            labelRef(wire.varint());
        }
        wire.atEnd(end);
    }

    private void labelRef(long ref) {
        if (refCount == refs.length) {
            refs = Arrays.copyOf(refs, 2 * refCount);
        }
        refs[refCount++] = (int) ref;
    }

    /** What is wrong with the numbers of labels, in Prometheus' words, or the empty text. */
    private String refProblem() {
        if (refCount % 2 != 0) {
            return "invalid labelRefs length " + refCount;
        }
        for (int i = 0; i < refCount; i++) {
            if (refs[i] < 0 || refs[i] >= size) {
                return "labelRefs " + i / 2 + (i % 2 == 0 ? " (name) = " : " (value) = ")
                        + Integer.toUnsignedString(refs[i]) + " outside of symbols table (size " + size + ")";
            }
        }
        return "";
    }

    private static void sample(Wire wire, int end, Intake intake) throws BadRequestException {
        double value = 0;
        long timestampMs = 0;
        long startMs = 0;
        while (wire.pos < end) {
            int tag = wire.tag();
            switch (tag) {
                case DOUBLE_1 -> value = wire.float64();
                case NUMBER_2 -> timestampMs = wire.varint();
                case NUMBER_3 -> startMs = wire.varint();
                default -> wire.skip(tag, end);
            }
        }
        wire.atEnd(end);
        intake.sample(timestampMs, value, startMs);
    }

    private static void histogram(Wire wire, int end, Intake intake) throws BadRequestException {
        Histogram histogram = intake.histograms().read(wire, end);
        intake.histogram(
                intake.histograms().timestampMs(),
                histogram,
                intake.histograms().startMs());
    }

    private void exemplar(Wire wire, int end, Intake intake) throws BadRequestException {
        double value = 0;
        long timestampMs = 0;
        refCount = 0;
        while (wire.pos < end) {
            int tag = wire.tag();
            switch (tag) {
                case LABEL_REFS -> labelRefs(wire, wire.messageEnd(end));
                case LABEL_REF -> labelRef(wire.varint());
                case DOUBLE_2 -> value = wire.float64();
                case NUMBER_3 -> timestampMs = wire.varint();
                default -> wire.skip(tag, end);
            }
        }
        wire.atEnd(end);
        String wrong = refProblem();
        if (wrong.isEmpty()) {
            read(refs, 0, refCount, exemplarLabels);
            intake.exemplar(new Exemplar(exemplarLabels.build(), value, timestampMs));
        } else {
            intake.badExemplar(wrong);
        }
    }

    private void metadata(Wire wire, int end) throws BadRequestException {
        metadataType = 0;
        helpSymbol = 0;
        unitSymbol = 0;
        while (wire.pos < end) {
            int tag = wire.tag();
            switch (tag) {
                case NUMBER_1 -> metadataType = wire.varint();
                case NUMBER_3 -> helpSymbol = (int) wire.varint();
                case NUMBER_4 -> unitSymbol = (int) wire.varint();
                default -> wire.skip(tag, end);
            }
        }
        wire.atEnd(end);
        hasMetadata = (metadataType != 0 || helpSymbol != 0 || unitSymbol != 0)
                && isSymbol(helpSymbol)
                && isSymbol(unitSymbol);
    }

    private boolean isSymbol(int number) {
        return number >= 0 && number < size;
    }

    /** Every series brings its family's metadata each time; the storage is told once for all series of the family. */
    private void metadata(Intake intake) throws BadRequestException {
        for (int i = 0; i < refCount; i += 2) {
            if (refs[i] == nameSymbol) {
                metadataHash.start(highs[refs[i + 1]], lows[refs[i + 1]]);
                metadataHash.also(highs[helpSymbol], lows[helpSymbol]);
                metadataHash.also(highs[unitSymbol], lows[unitSymbol] ^ metadataType);
                if (!intake.isMetadataKnown(metadataHash)) {
                    intake.metadata(
                            metadataHash,
                            intake.seriesLabels(),
                            new Metadata(type(metadataType), text(unitSymbol), text(helpSymbol)));
                }
                return;
            }
        }
    }

    private String text(int symbol) {
        String text = symbols[symbol];
        if (text == null) {
            text = texts.text(request, begins[symbol], ends[symbol]);
            invalid[symbol] = texts.takeInvalid();
            symbols[symbol] = text;
        }
        return text;
    }

    @Override
    void labels(int from, int to, SeriesLabels into) {
        read(kept, from, to, into);
    }

    private void read(int[] numbers, int from, int to, SeriesLabels into) {
        into.clear();
        for (int i = from; i < to; i += 2) {
            into.add(text(numbers[i]), text(numbers[i + 1]), !(invalid[numbers[i]] || invalid[numbers[i + 1]]));
        }
    }

    @Override
    void clear() {
        request = METRIC_NAME;
        Arrays.fill(symbols, 0, size, null);
        size = 0;
        keptSize = 0;
    }
}
