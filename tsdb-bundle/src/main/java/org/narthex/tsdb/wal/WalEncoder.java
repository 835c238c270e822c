package org.narthex.tsdb.wal;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.tsdb.encoding.Encbuf;

/**
 * Encodes one record after the other, each of one type: {@link #start}, then entries that go with the type. Allocates nothing once its buffer has
 * grown. Not thread-safe.
 */
public final class WalEncoder {
    private final Encbuf out = new Encbuf(4096);
    private int type;
    private int entries;
    private long firstRef;
    private long firstTimeMs;
    private long firstStartMs;
    private long previousRef;
    private long previousStartMs;

    /** Begins a record; what was encoded before is gone. */
    public void start(int recordType) {
        type = recordType;
        entries = 0;
        out.clear();
        out.u8(recordType);
    }

    /** The type of the record for histogram samples that carry no start timestamp. */
    public static int typeOf(Histogram histogram) {
        int exponential = histogram.isFloat() ? WalRecord.FLOAT_HISTOGRAMS : WalRecord.HISTOGRAMS;
        return histogram.hasCustomBuckets() ? exponential + 2 : exponential;
    }

    /**
     * The type of the record for a sample.
     *
     * @param histogram null for a float
     * @param withStart whether it carries a start timestamp
     */
    public static int typeOf(Histogram histogram, boolean withStart) {
        if (histogram == null) {
            return withStart ? WalRecord.SAMPLES_V2 : WalRecord.SAMPLES;
        }
        if (withStart) {
            return histogram.isFloat() ? WalRecord.FLOAT_HISTOGRAMS_V2 : WalRecord.HISTOGRAMS_V2;
        }
        return typeOf(histogram);
    }

    /** Entries in the record so far; a record without any says nothing and need not be written. */
    public int entries() {
        return entries;
    }

    /** The record, {@link #size()} bytes of it; replaced when it grows. */
    public byte[] bytes() {
        return out.bytes();
    }

    public int size() {
        return out.size();
    }

    public void series(long ref, Labels labels) {
        assert type == WalRecord.SERIES : type;
        WalRecord.series(out, ref, labels);
        entries++;
    }

    /** @param startTimestampMs 0 for none; only records of type 11 keep it */
    public void sample(long ref, long timestampMs, long startTimestampMs, long valueBits) {
        assert type == WalRecord.SAMPLES || type == WalRecord.SAMPLES_V2 : type;
        place(ref, timestampMs, startTimestampMs);
        out.be64(valueBits);
    }

    /** @param startTimestampMs 0 for none; only records of type 12 and 13 keep it */
    public void histogram(long ref, long timestampMs, long startTimestampMs, Histogram histogram) {
        assert type >= WalRecord.HISTOGRAMS && WalRecord.isFloatHistograms(type) == histogram.isFloat() : type;
        place(ref, timestampMs, startTimestampMs);
        HistogramBody.encode(out, histogram);
    }

    public void tombstone(long ref, long minTimeMs, long maxTimeMs) {
        assert type == WalRecord.TOMBSTONES : type;
        WalRecord.tombstone(out, ref, minTimeMs, maxTimeMs);
        entries++;
    }

    public void exemplar(long ref, Exemplar exemplar) {
        assert type == WalRecord.EXEMPLARS : type;
        place(ref, exemplar.timestampMs(), 0);
        out.be64(Double.doubleToRawLongBits(exemplar.value()));
        WalRecord.labels(out, exemplar.labels());
    }

    public void metadata(long ref, Metadata metadata) {
        assert type == WalRecord.METADATA : type;
        out.uvarint(ref);
        out.u8(WalRecord.METRIC_TYPES.indexOf(metadata.type()));
        out.uvarint(2);
        out.str(WalRecord.UNIT);
        out.str(metadata.unit());
        out.str(WalRecord.HELP);
        out.str(metadata.help());
        entries++;
    }

    public void mmapMarker(long ref, long chunkRef) {
        assert type == WalRecord.MMAP_MARKERS : type;
        out.be64(ref);
        out.be64(chunkRef);
        entries++;
    }

    private void place(long ref, long timestampMs, long startMs) {
        if (type >= WalRecord.SAMPLES_V2) {
            placeV2(ref, timestampMs, startMs);
        } else {
            if (entries == 0) {
                firstRef = ref;
                firstTimeMs = timestampMs;
                out.be64(ref);
                out.be64(timestampMs);
            }
            out.varint(ref - firstRef);
            out.varint(timestampMs - firstTimeMs);
        }
        entries++;
    }

    private void placeV2(long ref, long timestampMs, long startMs) {
        if (entries == 0) {
            firstTimeMs = timestampMs;
            firstStartMs = startMs;
            out.varint(ref);
            out.varint(timestampMs);
            out.varint(startMs);
        } else {
            out.varint(ref - previousRef);
            out.varint(timestampMs - firstTimeMs);
            if (startMs == 0) {
                out.u8(WalRecord.NO_START);
            } else if (startMs == previousStartMs) {
                out.u8(WalRecord.SAME_START);
            } else {
                out.u8(WalRecord.EXPLICIT_START);
                out.varint(startMs - firstStartMs);
            }
        }
        previousRef = ref;
        previousStartMs = startMs;
    }
}
