package org.narthex.tsdb.chunk;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/** Two sets of buckets put together, each given by spans as in {@link org.narthex.api.model.Histogram}: the buckets that are in any of the two. */
final class BucketMerge {
    private final int size;
    private final int[] spans;
    /** For each bucket of the one and of the other set its place among all. */
    private final int[] firstPlaces;

    private final int[] secondPlaces;

    BucketMerge(int[] first, int[] second) {
        long[] a = indices(first);
        long[] b = indices(second);
        firstPlaces = new int[a.length];
        secondPlaces = new int[b.length];
        long[] all = new long[a.length + b.length];
        int n = 0;
        for (int i = 0, j = 0; i < a.length || j < b.length; n++) {
            boolean fromFirst = j == b.length || (i < a.length && a[i] <= b[j]);
            boolean fromSecond = i == a.length || (j < b.length && b[j] <= a[i]);
            all[n] = fromFirst ? a[i] : b[j];
            if (fromFirst) {
                firstPlaces[i++] = n;
            }
            if (fromSecond) {
                secondPlaces[j++] = n;
            }
        }
        size = n;
        // Spans can be told in many ways; those the chunk has are kept if they will do.
        spans = n == a.length ? first : spans(Arrays.copyOf(all, n));
    }

    int size() {
        return size;
    }

    int[] spans() {
        return spans;
    }

    /** Counts of the first set among all buckets; buckets it has not are 0, for whole numbers and for the bits of doubles. */
    long[] first(IntToLongFunction counts) {
        return spread(firstPlaces, counts);
    }

    long[] second(IntToLongFunction counts) {
        return spread(secondPlaces, counts);
    }

    private long[] spread(int[] places, IntToLongFunction counts) {
        long[] spread = new long[size];
        for (int i = 0; i < places.length; i++) {
            spread[places[i]] = counts.applyAsLong(i);
        }
        return spread;
    }

    static int count(int[] spans) {
        int count = 0;
        for (int i = 1; i < spans.length; i += 2) {
            count += spans[i];
        }
        return count;
    }

    /** The number of each bucket, ascending. */
    static long[] indices(int[] spans) {
        long[] indices = new long[count(spans)];
        long next = 0;
        int n = 0;
        for (int i = 0; i < spans.length; i += 2) {
            next += spans[i];
            for (int j = 0; j < spans[i + 1]; j++) {
                indices[n++] = next++;
            }
        }
        return indices;
    }

    /** The fewest spans for buckets of the given ascending numbers. */
    static int[] spans(long[] indices) {
        int[] spans = new int[2 * indices.length];
        int n = 0;
        long next = 0;
        for (long index : indices) {
            long gap = index - next;
            if (n == 0 || gap > 0) {
                while (gap != (int) gap) {
                    // Only spans without buckets reach so far.
                    int part = gap > 0 ? Integer.MAX_VALUE : Integer.MIN_VALUE;
                    spans = with(spans, n, part, 0);
                    n += 2;
                    gap -= part;
                }
                spans = with(spans, n, (int) gap, 0);
                n += 2;
            }
            spans[n - 1]++;
            next = index + 1;
        }
        return Arrays.copyOf(spans, n);
    }

    private static int[] with(int[] spans, int at, int offset, int length) {
        int[] longer = at == spans.length ? Arrays.copyOf(spans, 2 * at + 2) : spans;
        longer[at] = offset;
        longer[at + 1] = length;
        return longer;
    }
}
