package org.narthex.tsdb.chunk;

import java.util.Arrays;

import org.narthex.api.model.Histogram;
import org.narthex.tsdb.encoding.CorruptionException;

/**
 * The positive or the negative buckets of a chunk of histograms being read. Buckets of a schema finer than {@link Histogram#MAX_SCHEMA}, which later
 * versions may write, are put together into those of that one.
 */
final class ReadBuckets {
    private final int[] spans;
    private final int length;
    /** Of whole numbers: what each bucket has over the one before it, and by how much that grew last. */
    private final long[] steps;

    private final long[] deltas;
    /** Where each bucket of the chunk goes; null if they stay as they are. */
    private final int[] places;

    /** How many the histograms that are read have. */
    private final int size;

    ReadBuckets(int[] chunkSpans, int schema, boolean isFloat) {
        length = BucketMerge.count(chunkSpans);
        steps = new long[isFloat ? 0 : length];
        deltas = new long[isFloat ? 0 : length];
        if (schema <= Histogram.MAX_SCHEMA) {
            spans = chunkSpans;
            places = null;
            size = length;
            return;
        }
        int shift = schema - Histogram.MAX_SCHEMA;
        long[] indices = BucketMerge.indices(chunkSpans);
        places = new int[length];
        int n = 0;
        for (int i = 0; i < length; i++) {
            // Upper bounds are inclusive, so bucket 0 of the coarse schema ends where bucket 0 of the fine one does.
            long coarse = ((indices[i] - 1) >> shift) + 1;
            if (n == 0 || indices[n - 1] != coarse) {
                indices[n++] = coarse;
            }
            places[i] = n - 1;
        }
        spans = BucketMerge.spans(Arrays.copyOf(indices, n));
        size = n;
    }

    /** How many the chunk has. */
    int length() {
        return length;
    }

    /** Of the histograms that are read. */
    int[] spans() {
        return spans;
    }

    void readFirst(BitReader in, String chunk, int samples) throws CorruptionException {
        for (int i = 0; i < length; i++) {
            steps[i] = in.varbitInt();
            in.check(chunk, 0, samples);
        }
    }

    void readNext(BitReader in, String chunk, int sample, int samples) throws CorruptionException {
        for (int i = 0; i < length; i++) {
            deltas[i] += in.varbitInt();
            steps[i] += deltas[i];
            in.check(chunk, sample, samples);
        }
    }

    /** Absolute counts. */
    long[] integers() {
        long[] counts = new long[size];
        long count = 0;
        for (int i = 0; i < length; i++) {
            count += steps[i];
            counts[places == null ? i : places[i]] += count;
        }
        return counts;
    }

    double[] floats(XorFields fields, int from) {
        double[] counts = new double[size];
        for (int i = 0; i < length; i++) {
            double count = Double.longBitsToDouble(fields.bits(from + i));
            if (places == null) {
                counts[i] = count;
            } else {
                counts[places[i]] += count;
            }
        }
        return counts;
    }
}
