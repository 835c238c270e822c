package org.narthex.promql.histogram;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The buckets of one sign: which there are, in ascending order of their index, and what is in each. Empty buckets may be among them. Immutable.
 */
final class Side {
    static final Side EMPTY = new Side(new int[0], new double[0]);

    private final int[] indices;
    private final double[] counts;

    Side(int[] indices, double[] counts) {
        this.indices = indices;
        this.counts = counts;
    }

    static Side of(int[] spans, int buckets, IntToDoubleFunction count) {
        if (buckets == 0) {
            return EMPTY;
        }
        int[] indices = new int[buckets];
        double[] counts = new double[buckets];
        int index = 0;
        int n = 0;
        for (int span = 0; span + 1 < spans.length; span += 2) {
            index += spans[span];
            for (int i = 0; i < spans[span + 1] && n < buckets; i++) {
                indices[n] = index++;
                counts[n] = count.applyAsDouble(n);
                n++;
            }
        }
        return new Side(indices, counts);
    }

    int size() {
        return indices.length;
    }

    int index(int i) {
        return indices[i];
    }

    double count(int i) {
        return counts[i];
    }

    /** Spans as {@link org.narthex.api.model.Histogram} has them. */
    int[] spans() {
        int[] spans = new int[8];
        int n = 0;
        int next = 0;
        for (int i = 0; i < indices.length; i++) {
            if (i > 0 && indices[i] == next) {
                spans[n - 1]++;
            } else {
                if (n == spans.length) {
                    spans = Arrays.copyOf(spans, 2 * n);
                }
                spans[n++] = indices[i] - next;
                spans[n++] = 1;
            }
            next = indices[i] + 1;
        }
        return Arrays.copyOf(spans, n);
    }

    double[] counts() {
        return counts;
    }

    Side times(double factor) {
        double[] scaled = new double[counts.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = counts[i] * factor;
        }
        return new Side(indices, scaled);
    }

    Side dividedBy(double divisor) {
        double[] scaled = new double[counts.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = counts[i] / divisor;
        }
        return new Side(indices, scaled);
    }

    /** The same with other counts for the same buckets. */
    Side withCounts(double[] newCounts) {
        return new Side(indices, newCounts);
    }

    /** Without empty buckets. */
    Side compact() {
        int used = 0;
        for (double count : counts) {
            used += count == 0 ? 0 : 1;
        }
        if (used == counts.length) {
            return this;
        }
        int[] keptIndices = new int[used];
        double[] kept = new double[used];
        int n = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                keptIndices[n] = indices[i];
                kept[n++] = counts[i];
            }
        }
        return new Side(keptIndices, kept);
    }

    /** Every bucket of either side. */
    Side plus(Side other, boolean subtract) {
        int[] union = union(other);
        double[] sums = new double[union.length];
        int a = 0;
        int b = 0;
        for (int i = 0; i < union.length; i++) {
            if (a < size() && indices[a] == union[i]) {
                sums[i] = counts[a++];
            }
            if (b < other.size() && other.indices[b] == union[i]) {
                sums[i] = subtract ? sums[i] - other.counts[b] : sums[i] + other.counts[b];
                b++;
            }
        }
        return new Side(union, sums);
    }

    /** The buckets of both sides. */
    int[] union(Side other) {
        if (Arrays.equals(indices, other.indices)) {
            return indices;
        }
        int[] union = new int[size() + other.size()];
        int n = 0;
        int a = 0;
        int b = 0;
        while (a < size() || b < other.size()) {
            boolean takeA = b == other.size() || (a < size() && indices[a] <= other.indices[b]);
            boolean takeB = a == size() || (b < other.size() && other.indices[b] <= indices[a]);
            union[n++] = takeA ? indices[a] : other.indices[b];
            a += takeA ? 1 : 0;
            b += takeB ? 1 : 0;
        }
        return Arrays.copyOf(union, n);
    }

    /** The counts of the given buckets, which include all of these. */
    double[] countsAt(int[] wanted) {
        double[] found = new double[wanted.length];
        int a = 0;
        for (int i = 0; i < wanted.length && a < indices.length; i++) {
            if (wanted[i] == indices[a]) {
                found[i] = counts[a++];
            }
        }
        return found;
    }

    /** With a resolution that many schemas lower. */
    Side reduced(int schemas) {
        int[] targets = new int[indices.length];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = ((indices[i] - 1) >> schemas) + 1;
        }
        return mapped(targets);
    }

    /** Puts each bucket's count into the target of the same position; targets ascend. */
    Side mapped(int[] targets) {
        int[] newIndices = new int[targets.length];
        double[] sums = new double[targets.length];
        int n = 0;
        for (int i = 0; i < targets.length; i++) {
            if (n == 0 || newIndices[n - 1] != targets[i]) {
                newIndices[n++] = targets[i];
            }
            sums[n - 1] += counts[i];
        }
        return new Side(Arrays.copyOf(newIndices, n), Arrays.copyOf(sums, n));
    }

    /** Without the first buckets. */
    Side without(int first) {
        return first == 0
                ? this
                : new Side(
                        Arrays.copyOfRange(indices, first, indices.length),
                        Arrays.copyOfRange(counts, first, counts.length));
    }

    /** Whether any bucket that holds something has less in the later histogram, or is missing there. */
    boolean shrinksIn(Side later) {
        int b = 0;
        for (int a = 0; a < indices.length; a++) {
            while (b < later.size() && later.indices[b] < indices[a]) {
                b++;
            }
            boolean there = b < later.size() && later.indices[b] == indices[a];
            if (there ? later.counts[b] < counts[a] : counts[a] != 0) {
                return true;
            }
        }
        return false;
    }

    boolean isInfinite() {
        for (double count : counts) {
            if (Double.isInfinite(count)) {
                return true;
            }
        }
        return false;
    }

    boolean isSame(Side other) {
        if (!Arrays.equals(indices, other.indices)) {
            return false;
        }
        for (int i = 0; i < counts.length; i++) {
            if (Double.doubleToRawLongBits(counts[i]) != Double.doubleToRawLongBits(other.counts[i])) {
                return false;
            }
        }
        return true;
    }
}
