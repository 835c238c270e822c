package org.narthex.tsdb.wal;

import java.io.IOException;

import org.narthex.api.model.Labels;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Decbuf;
import org.narthex.tsdb.encoding.Encbuf;

/**
 * The records in the log, after {@code tsdb/docs/format/wal.md} and the code beside it. The first byte is the type:
 *
 * <pre>
 * 1 series      { be64 ref, uvarint labels, { str name, str value } }
 * 2 samples     be64 first ref, be64 first t, { varint ref - first, varint t - first, be64 value }
 * 3 tombstones  { be64 ref, varint first ms, varint last ms }
 * </pre>
 *
 * <p>Other types are met in logs of Prometheus and left to the sink.
 */
public final class WalRecord {
    public static final int SERIES = 1;
    public static final int SAMPLES = 2;
    public static final int TOMBSTONES = 3;

    private WalRecord() {}

    /** Takes decoded records. */
    public interface Sink {
        void series(long ref, Labels labels);

        /** @param valueBits the value's IEEE-754 bits */
        void sample(long ref, long timestampMs, long valueBits);

        void tombstone(long ref, long minTimeMs, long maxTimeMs);

        /** A record of a type not decoded here. */
        void other(int type, byte[] record, int length) throws IOException;
    }

    public static void startSeries(Encbuf out) {
        out.clear();
        out.u8(SERIES);
    }

    public static void series(Encbuf out, long ref, Labels labels) {
        out.be64(ref);
        out.uvarint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            out.str(labels.name(i));
            out.str(labels.value(i));
        }
    }

    public static void startSamples(Encbuf out, long firstRef, long firstTimestampMs) {
        out.clear();
        out.u8(SAMPLES);
        out.be64(firstRef);
        out.be64(firstTimestampMs);
    }

    /** @param refDelta the reference minus that of the first sample of the record, which has 0 itself; the timestamp likewise */
    public static void sample(Encbuf out, long refDelta, long timestampDelta, long valueBits) {
        out.varint(refDelta);
        out.varint(timestampDelta);
        out.be64(valueBits);
    }

    public static void startTombstones(Encbuf out) {
        out.clear();
        out.u8(TOMBSTONES);
    }

    public static void tombstone(Encbuf out, long ref, long minTimeMs, long maxTimeMs) {
        out.be64(ref);
        out.varint(minTimeMs);
        out.varint(maxTimeMs);
    }

    public static void decode(byte[] record, int length, Sink sink) throws IOException {
        Decbuf in = new Decbuf("WAL record", record, length);
        if (!in.hasRemaining()) {
            return;
        }
        int type = in.u8();
        switch (type) {
            case SERIES -> decodeSeries(in, sink);
            case SAMPLES -> decodeSamples(in, sink);
            case TOMBSTONES -> {
                while (in.hasRemaining()) {
                    sink.tombstone(in.be64(), in.varint(), in.varint());
                }
            }
            default -> sink.other(type, record, length);
        }
    }

    private static void decodeSeries(Decbuf in, Sink sink) throws CorruptionException {
        Labels.Builder labels = Labels.builder();
        while (in.hasRemaining()) {
            long ref = in.be64();
            int count = in.size();
            labels.reset(Labels.EMPTY);
            for (int i = 0; i < count; i++) {
                String name = in.str();
                if (name.isEmpty()) {
                    throw in.corrupt("series " + ref + " has a label without a name");
                }
                labels.set(name, in.str());
            }
            sink.series(ref, labels.build());
        }
    }

    private static void decodeSamples(Decbuf in, Sink sink) throws CorruptionException {
        if (!in.hasRemaining()) {
            return;
        }
        long firstRef = in.be64();
        long firstT = in.be64();
        while (in.hasRemaining()) {
            long ref = firstRef + in.varint();
            long t = firstT + in.varint();
            sink.sample(ref, t, in.be64());
        }
    }
}
