package org.narthex.scrape.histogram;

import java.util.Arrays;

/** The buckets of one side of a histogram, added in ascending order of their indexes; makes the spans. */
final class Buckets {
    private int[] spans = new int[8];
    private int spanEnd;
    private long[] counts = new long[16];
    private int size;
    private int next;

    /** @param bits of the count: a whole number or the bits of a double */
    void add(int index, long bits) {
        if (size > 0 && index == next) {
            spans[spanEnd - 1]++;
        } else {
            if (spanEnd == spans.length) {
                spans = Arrays.copyOf(spans, 2 * spanEnd);
            }
            spans[spanEnd++] = size == 0 ? index : index - next;
            spans[spanEnd++] = 1;
        }
        if (size == counts.length) {
            counts = Arrays.copyOf(counts, 2 * size);
        }
        counts[size++] = bits;
        next = index + 1;
    }

    /** The index after that of the bucket added last. */
    int next() {
        return next;
    }

    int size() {
        return size;
    }

    long last() {
        return counts[size - 1];
    }

    void last(long bits) {
        counts[size - 1] = bits;
    }

    int[] spans() {
        return Arrays.copyOf(spans, spanEnd);
    }

    long[] whole() {
        return Arrays.copyOf(counts, size);
    }

    double[] real() {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = Double.longBitsToDouble(counts[i]);
        }
        return values;
    }
}
