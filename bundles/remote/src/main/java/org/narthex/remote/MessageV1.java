package org.narthex.remote;

import java.util.Arrays;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;

/**
 * {@code prometheus.WriteRequest}, remote write 1.0. A series is known by the bytes of its labels as they stand, without looking into them; the
 * labels come before all else in what every known sender writes, though they need not.
 */
final class MessageV1 extends Message {
    private static final int SERIES = 1 << 3 | Wire.LENGTH;
    private static final int METADATA = 3 << 3 | Wire.LENGTH;
    private static final int LABEL = 1 << 3 | Wire.LENGTH;
    private static final int SAMPLE = 2 << 3 | Wire.LENGTH;
    private static final int EXEMPLAR = 3 << 3 | Wire.LENGTH;
    private static final int HISTOGRAM = 4 << 3 | Wire.LENGTH;
    private static final int TEXT_1 = 1 << 3 | Wire.LENGTH;
    private static final int TEXT_2 = 2 << 3 | Wire.LENGTH;
    private static final int DOUBLE_1 = 1 << 3 | Wire.FIXED64;
    private static final int DOUBLE_2 = 2 << 3 | Wire.FIXED64;
    private static final int NUMBER_2 = 2 << 3 | Wire.VARINT;
    private static final int NUMBER_3 = 3 << 3 | Wire.VARINT;

    private final Texts texts;
    private final SeriesHash hash;
    private final Wire labelWire = new Wire();
    private final SeriesLabels exemplarLabels = new SeriesLabels();
    private byte[] request = {};
    /** Labels that did not stand together, put together. */
    private byte[] gathered = {};

    private int gatheredSize;

    MessageV1(Texts texts, SeriesHash.Keys keys) {
        this.texts = texts;
        hash = new SeriesHash(keys);
    }

    @Override
    void read(Intake intake) throws BadRequestException {
        Wire wire = intake.wire();
        request = wire.bytes;
        int limit = wire.limit();
        while (wire.pos < limit) {
            int tag = wire.tag();
            if (tag == SERIES) {
                series(wire, wire.messageEnd(limit), intake);
            } else if (tag == METADATA) {
                metadata(wire, wire.messageEnd(limit), intake);
            } else {
                wire.skip(tag, limit);
            }
        }
        wire.atEnd(limit);
    }

    private void series(Wire wire, int end, Intake intake) throws BadRequestException {
        int from = wire.pos;
        byte[] bytes = wire.bytes;
        while (wire.pos < end && bytes[wire.pos] == LABEL) {
            wire.pos++;
            wire.pos = wire.messageEnd(end);
        }
        int rest = wire.pos;
        boolean scattered = false;
        while (wire.pos < end) {
            int tag = wire.tag();
            scattered |= tag == LABEL;
            wire.skip(tag, end);
        }
        wire.atEnd(end);
        if (scattered) {
            int first = gatheredSize;
            gather(wire, from, end);
            hash.bytes(gathered, first, gatheredSize);
            intake.startSeries(hash, ~first, ~gatheredSize);
        } else {
            hash.bytes(bytes, from, rest);
            intake.startSeries(hash, from, rest);
        }
        wire.pos = rest;
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

    private void gather(Wire wire, int from, int end) throws BadRequestException {
        wire.pos = from;
        while (wire.pos < end) {
            int start = wire.pos;
            int tag = wire.tag();
            wire.skip(tag, end);
            if (tag == LABEL) {
                int length = wire.pos - start;
                if (gathered.length - gatheredSize < length) {
                    gathered = Arrays.copyOf(gathered, Math.max(1024, 2 * (gatheredSize + length)));
                }
                System.arraycopy(wire.bytes, start, gathered, gatheredSize, length);
                gatheredSize += length;
            }
        }
    }

    private static void sample(Wire wire, int end, Intake intake) throws BadRequestException {
        double value = 0;
        long timestampMs = 0;
        while (wire.pos < end) {
            int tag = wire.tag();
            if (tag == DOUBLE_1) {
                value = wire.float64();
            } else if (tag == NUMBER_2) {
                timestampMs = wire.varint();
            } else {
                wire.skip(tag, end);
            }
        }
        wire.atEnd(end);
        intake.sample(timestampMs, value, 0);
    }

    private static void histogram(Wire wire, int end, Intake intake) throws BadRequestException {
        Histogram histogram = intake.histograms().read(wire, end);
        intake.histogram(intake.histograms().timestampMs(), histogram, 0);
    }

    private void exemplar(Wire wire, int end, Intake intake) throws BadRequestException {
        double value = 0;
        long timestampMs = 0;
        exemplarLabels.clear();
        while (wire.pos < end) {
            int tag = wire.tag();
            switch (tag) {
                case LABEL -> label(wire, wire.messageEnd(end), exemplarLabels);
                case DOUBLE_2 -> value = wire.float64();
                case NUMBER_3 -> timestampMs = wire.varint();
                default -> wire.skip(tag, end);
            }
        }
        wire.atEnd(end);
        intake.exemplar(new Exemplar(exemplarLabels.build(), value, timestampMs));
    }

    private void metadata(Wire wire, int end, Intake intake) throws BadRequestException {
        int from = wire.pos;
        hash.bytes(wire.bytes, from, end);
        // Never the hash of labels: a sender might give the same bytes as both.
        hash.also(METADATA, METADATA);
        if (intake.isMetadataKnown(hash)) {
            wire.pos = end;
            return;
        }
        long type = 0;
        String family = "";
        String help = "";
        String unit = "";
        while (wire.pos < end) {
            int tag = wire.tag();
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> type = wire.varint();
                case 2 << 3 | Wire.LENGTH -> family = text(wire, end);
                case 4 << 3 | Wire.LENGTH -> help = text(wire, end);
                case 5 << 3 | Wire.LENGTH -> unit = text(wire, end);
                default -> wire.skip(tag, end);
            }
        }
        wire.atEnd(end);
        if (!texts.takeInvalid() && !family.isEmpty()) {
            intake.metadata(hash, Labels.of(Labels.METRIC_NAME, family), new Metadata(type(type), unit, help));
        }
    }

    private String text(Wire wire, int outerEnd) throws BadRequestException {
        int end = wire.messageEnd(outerEnd);
        String text = texts.text(wire.bytes, wire.pos, end);
        wire.pos = end;
        return text;
    }

    @Override
    void labels(int from, int to, SeriesLabels into) throws BadRequestException {
        boolean apart = from < 0;
        labelWire.reset(apart ? gathered : request, apart ? ~from : from, apart ? ~to : to);
        into.clear();
        while (labelWire.pos < labelWire.limit()) {
            labelWire.tag();
            label(labelWire, labelWire.messageEnd(labelWire.limit()), into);
        }
    }

    private void label(Wire wire, int end, SeriesLabels into) throws BadRequestException {
        String name = "";
        String value = "";
        while (wire.pos < end) {
            int tag = wire.tag();
            if (tag == TEXT_1) {
                name = text(wire, end);
            } else if (tag == TEXT_2) {
                value = text(wire, end);
            } else {
                wire.skip(tag, end);
            }
        }
        wire.atEnd(end);
        into.add(name, value, !texts.takeInvalid());
    }

    @Override
    void clear() {
        request = gathered;
        gatheredSize = 0;
        labelWire.reset(gathered, 0, 0);
    }
}
