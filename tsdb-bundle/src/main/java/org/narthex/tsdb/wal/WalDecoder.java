package org.narthex.tsdb.wal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.MetricType;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Decbuf;

/**
 * Decodes records; made for many: label strings met again are the same objects. Whatever the bytes are, only {@link CorruptionException} is thrown,
 * with an offset within the record, and entries before the fault have gone to the sink. Not thread-safe.
 */
public final class WalDecoder {
    private static final VarHandle BE64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    /** The most bytes one sample takes: two variable-length integers and the value. */
    private static final int LONGEST_SAMPLE = 10 + 10 + 8;

    private final LabelStrings strings = new LabelStrings();
    private final Labels.Builder labels = Labels.builder();
    /** Where {@link #varint} goes on. */
    private int at;

    /** @param record only the first {@code length} bytes count; not kept */
    public void decode(byte[] record, int length, WalRecord.Sink sink) throws CorruptionException {
        if (length == 0) {
            return;
        }
        int type = record[0] & 0xff;
        if (!sink.wants(type)) {
            sink.other(type, record, length);
            return;
        }
        if (type == WalRecord.SAMPLES) {
            samples(record, length, sink);
            return;
        }
        Decbuf in = new Decbuf("WAL record", record, length);
        in.skip(1);
        switch (type) {
            case WalRecord.SERIES -> series(in, record, sink);
            case WalRecord.TOMBSTONES -> {
                while (in.hasRemaining()) {
                    sink.tombstone(in.be64(), in.varint(), in.varint());
                }
            }
            case WalRecord.EXEMPLARS -> exemplars(in, record, sink);
            case WalRecord.MMAP_MARKERS -> {
                while (in.hasRemaining()) {
                    sink.mmapMarker(in.be64(), in.be64());
                }
            }
            case WalRecord.METADATA -> metadata(in, sink);
            case WalRecord.HISTOGRAMS,
                    WalRecord.FLOAT_HISTOGRAMS,
                    WalRecord.CUSTOM_HISTOGRAMS,
                    WalRecord.CUSTOM_FLOAT_HISTOGRAMS -> histograms(in, WalRecord.isFloatHistograms(type), sink);
            case WalRecord.SAMPLES_V2, WalRecord.HISTOGRAMS_V2, WalRecord.FLOAT_HISTOGRAMS_V2 -> v2(in, type, sink);
            default -> sink.other(type, record, length);
        }
    }

    private void series(Decbuf in, byte[] record, WalRecord.Sink sink) throws CorruptionException {
        while (in.hasRemaining()) {
            sink.series(in.be64(), labels(in, record));
        }
    }

    /** @param record the array {@code in} reads from, from its start on */
    Labels labels(Decbuf in, byte[] record) throws CorruptionException {
        int count = in.size();
        labels.reset(Labels.EMPTY);
        for (int i = 0; i < count; i++) {
            String name = string(in, record);
            if (name.isEmpty()) {
                throw in.corrupt("a label without a name");
            }
            labels.set(name, string(in, record));
        }
        return labels.build();
    }

    private String string(Decbuf in, byte[] record) throws CorruptionException {
        int length = in.size();
        int start = in.position();
        in.skip(length);
        return strings.of(record, start, length);
    }

    /** Most of a log is such records: read straight from the array as long as no sample can run over its end. */
    private void samples(byte[] record, int length, WalRecord.Sink sink) throws CorruptionException {
        if (length == 1) {
            return;
        }
        Decbuf in = new Decbuf("WAL record", record, length);
        in.skip(1);
        long firstRef = in.be64();
        long firstT = in.be64();
        at = in.position();
        int safeEnd = length - LONGEST_SAMPLE;
        while (at <= safeEnd) {
            long ref = firstRef + varint(record);
            long t = firstT + varint(record);
            sink.sample(ref, t, (long) BE64.get(record, at));
            at += Long.BYTES;
        }
        in.skip(at - in.position());
        while (in.hasRemaining()) {
            long ref = firstRef + in.varint();
            long t = firstT + in.varint();
            sink.sample(ref, t, in.be64());
        }
    }

    private long varint(byte[] bytes) throws CorruptionException {
        int position = at;
        int b = bytes[position++];
        long value = b & 0x7f;
        for (int shift = 7; b < 0; shift += 7) {
            b = bytes[position++];
            if (shift == 63 && (b & 0xff) > 1) {
                throw new CorruptionException("WAL record", at, "a variable-length integer is longer than 64 bits");
            }
            value |= (long) (b & 0x7f) << shift;
        }
        at = position;
        return (value >>> 1) ^ -(value & 1);
    }

    /** The body of a record of exemplars, which snapshots have too. */
    void exemplars(Decbuf in, byte[] record, WalRecord.Sink sink) throws CorruptionException {
        if (!in.hasRemaining()) {
            return;
        }
        long firstRef = in.be64();
        long firstT = in.be64();
        while (in.hasRemaining()) {
            long ref = firstRef + in.varint();
            long t = firstT + in.varint();
            double value = Double.longBitsToDouble(in.be64());
            sink.exemplar(ref, new Exemplar(labels(in, record), value, t));
        }
    }

    private static void metadata(Decbuf in, WalRecord.Sink sink) throws CorruptionException {
        while (in.hasRemaining()) {
            long ref = in.uvarint();
            int type = in.u8();
            int fields = in.size();
            String unit = "";
            String help = "";
            for (int i = 0; i < fields; i++) {
                switch (in.str()) {
                    case WalRecord.UNIT -> unit = in.str();
                    case WalRecord.HELP -> help = in.str();
                    default -> in.skipStr();
                }
            }
            // A type of later versions says nothing to this one.
            MetricType known =
                    type < WalRecord.METRIC_TYPES.size() ? WalRecord.METRIC_TYPES.get(type) : MetricType.UNKNOWN;
            sink.metadata(ref, new Metadata(known, unit, help));
        }
    }

    private static void histograms(Decbuf in, boolean isFloat, WalRecord.Sink sink) throws CorruptionException {
        if (!in.hasRemaining()) {
            return;
        }
        long firstRef = in.be64();
        long firstT = in.be64();
        while (in.hasRemaining()) {
            long ref = firstRef + in.varint();
            long t = firstT + in.varint();
            sink.histogram(ref, t, 0, HistogramBody.decode(in, isFloat));
        }
    }

    private static void v2(Decbuf in, int type, WalRecord.Sink sink) throws CorruptionException {
        if (!in.hasRemaining()) {
            return;
        }
        long ref = in.varint();
        long firstT = in.varint();
        long firstStart = in.varint();
        long start = firstStart;
        v2Value(in, type, sink, ref, firstT, start);
        while (in.hasRemaining()) {
            ref += in.varint();
            long t = firstT + in.varint();
            int marker = in.u8();
            switch (marker) {
                case WalRecord.NO_START -> start = 0;
                case WalRecord.SAME_START -> {}
                case WalRecord.EXPLICIT_START -> start = firstStart + in.varint();
                default -> throw in.corrupt("unknown marker " + marker + " of a start timestamp");
            }
            v2Value(in, type, sink, ref, t, start);
        }
    }

    private static void v2Value(Decbuf in, int type, WalRecord.Sink sink, long ref, long t, long start)
            throws CorruptionException {
        if (type == WalRecord.SAMPLES_V2) {
            sink.sample(ref, t, start, in.be64());
        } else {
            sink.histogram(ref, t, start, HistogramBody.decode(in, WalRecord.isFloatHistograms(type)));
        }
    }
}
