package org.narthex.tsdb.wal;

import java.util.List;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.MetricType;
import org.narthex.tsdb.encoding.Encbuf;

/**
 * The records in the log, after {@code tsdb/docs/format/wal.md} and the code beside it. The first byte is the type:
 *
 * <pre>
 *  1 series            { be64 ref, labels }
 *  2 samples           be64 first ref, be64 first t, { varint ref - first, varint t - first, be64 value }
 *  3 tombstones        { be64 ref, varint first ms, varint last ms }
 *  4 exemplars         like 2, each followed by labels
 *  5 mmap markers      { be64 ref, be64 ref of the chunk in chunks_head }
 *  6 metadata          { uvarint ref, byte type, uvarint fields, { str name, str value } }
 *  7 histograms        like 2, with the histogram ({@link HistogramBody}) in place of the value
 *  8 float histograms  likewise
 *  9, 10               the same as 7 and 8, of custom buckets
 * 11 samples V2        varint ref, varint t, varint start, be64 value; then
 *                      { varint ref - previous, varint t - first, byte start marker, [varint start - first], be64 value }
 * 12, 13              like 11, with the histogram in place of the value, whole numbers and floats; custom buckets among them
 *
 * labels        uvarint labels, { str name, str value }
 * start marker  0 no start timestamp | 1 that of the sample before | 2 explicit
 * </pre>
 *
 * <p>A start timestamp of 0 is an unknown one. Records of other types are left to the sink; readers pass over them.
 */
public final class WalRecord {
    public static final int SERIES = 1;
    public static final int SAMPLES = 2;
    public static final int TOMBSTONES = 3;
    public static final int EXEMPLARS = 4;
    public static final int MMAP_MARKERS = 5;
    public static final int METADATA = 6;
    public static final int HISTOGRAMS = 7;
    public static final int FLOAT_HISTOGRAMS = 8;
    public static final int CUSTOM_HISTOGRAMS = 9;
    public static final int CUSTOM_FLOAT_HISTOGRAMS = 10;
    public static final int SAMPLES_V2 = 11;
    public static final int HISTOGRAMS_V2 = 12;
    public static final int FLOAT_HISTOGRAMS_V2 = 13;

    static final int NO_START = 0;
    static final int SAME_START = 1;
    static final int EXPLICIT_START = 2;
    static final String UNIT = "UNIT";
    static final String HELP = "HELP";

    /** By their numbers on disk. */
    static final List<MetricType> METRIC_TYPES = List.of(
            MetricType.UNKNOWN,
            MetricType.COUNTER,
            MetricType.GAUGE,
            MetricType.HISTOGRAM,
            MetricType.GAUGEHISTOGRAM,
            MetricType.SUMMARY,
            MetricType.INFO,
            MetricType.STATESET);

    private WalRecord() {}

    /** Takes decoded records. What a sink does not override it does not take. */
    public interface Sink {
        /** Whether records of the type are to be decoded; else they go to {@link #other}. */
        default boolean wants(int type) {
            return true;
        }

        default void series(long ref, Labels labels) {}

        /** @param valueBits the value's IEEE-754 bits */
        default void sample(long ref, long timestampMs, long valueBits) {}

        /** A sample of a record that has start timestamps; 0 for none. */
        default void sample(long ref, long timestampMs, long startTimestampMs, long valueBits) {
            sample(ref, timestampMs, valueBits);
        }

        /** @param startTimestampMs 0 for none */
        default void histogram(long ref, long timestampMs, long startTimestampMs, Histogram histogram) {}

        /** Bounds are inclusive. */
        default void tombstone(long ref, long minTimeMs, long maxTimeMs) {}

        default void exemplar(long ref, Exemplar exemplar) {}

        default void metadata(long ref, Metadata metadata) {}

        /** The series' out-of-order samples before this are in the given chunk of {@code chunks_head}. */
        default void mmapMarker(long ref, long chunkRef) {}

        /**
         * A record that is not decoded: of an unknown type, or one that is not wanted.
         *
         * @param record to be read, not kept
         */
        default void other(int type, byte[] record, int length) {}
    }

    /** Whether the records' histograms count in floating-point numbers. */
    static boolean isFloatHistograms(int type) {
        return type == FLOAT_HISTOGRAMS || type == CUSTOM_FLOAT_HISTOGRAMS || type == FLOAT_HISTOGRAMS_V2;
    }

    public static void series(Encbuf out, long ref, Labels labels) {
        out.be64(ref);
        labels(out, labels);
    }

    static void labels(Encbuf out, Labels labels) {
        out.uvarint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            out.str(labels.name(i));
            out.str(labels.value(i));
        }
    }

    public static void tombstone(Encbuf out, long ref, long minTimeMs, long maxTimeMs) {
        out.be64(ref);
        out.varint(minTimeMs);
        out.varint(maxTimeMs);
    }
}
