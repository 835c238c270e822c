package org.narthex.scrape.histogram;

import java.util.Arrays;
import java.util.Optional;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;

/** Collects the series of one classic histogram, to make a native one with custom buckets of them. Used again after {@link #clear}. */
public final class ClassicHistogram {
    /** Gaps of so many empty buckets stay, as upstream has it. */
    private static final int MAX_EMPTY = 2;

    private double[] bounds = new double[16];
    private double[] cumulative = new double[16];
    private int size;
    private double count;
    private boolean hasCount;
    private double sum;
    private boolean broken;

    public void clear() {
        size = 0;
        count = 0;
        hasCount = false;
        sum = 0;
        broken = false;
    }

    /** @param value observations up to the bound, cumulative; a bound given twice counts the first time */
    public void bucket(double bound, double value) {
        int at = size == 0 || bounds[size - 1] < bound ? size : Arrays.binarySearch(bounds, 0, size, bound);
        if (at >= 0 && at < size) {
            return;
        }
        at = at < 0 ? -at - 1 : at;
        broken |= value < 0 || (at > 0 && value < cumulative[at - 1]) || (at < size && value > cumulative[at]);
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * size);
            cumulative = Arrays.copyOf(cumulative, 2 * size);
        }
        System.arraycopy(bounds, at, bounds, at + 1, size - at);
        System.arraycopy(cumulative, at, cumulative, at + 1, size - at);
        bounds[at] = bound;
        cumulative[at] = value;
        size++;
    }

    public void count(double value) {
        broken |= value < 0;
        count = value;
        hasCount = true;
    }

    public void sum(double value) {
        sum = value;
    }

    /** The native histogram; empty if the series contradict each other. */
    public Optional<Histogram> convert() {
        if (broken || (!hasCount && size == 0)) {
            return Optional.empty();
        }
        double all = hasCount ? count : cumulative[size - 1];
        if (size == 0 || bounds[size - 1] != Double.POSITIVE_INFINITY) {
            bucket(Double.POSITIVE_INFINITY, all);
        }
        // Not equal if either is NaN.
        if (broken || !(all == cumulative[size - 1])) {
            return Optional.empty();
        }
        Histogram converted = isWhole() ? whole(all) : real(all);
        return converted.problem().isPresent() ? Optional.empty() : Optional.of(converted);
    }

    private boolean isWhole() {
        for (int i = 0; i < size; i++) {
            if (cumulative[i] != Math.rint(cumulative[i]) || cumulative[i] >= 0x1p63) {
                return false;
            }
        }
        return true;
    }

    private Histogram whole(double all) {
        long[] counts = new long[size];
        long before = 0;
        for (int i = 0; i < size; i++) {
            counts[i] = (long) cumulative[i] - before;
            before = (long) cumulative[i];
        }
        return Resolution.compact(
                Histogram.ofIntegers(
                        ResetHint.UNKNOWN,
                        Histogram.CUSTOM_BUCKETS,
                        0,
                        0,
                        (long) all,
                        sum,
                        new int[] {0, size},
                        counts,
                        new int[0],
                        new long[0],
                        Arrays.copyOf(bounds, size - 1)),
                MAX_EMPTY);
    }

    private Histogram real(double all) {
        double[] counts = new double[size];
        double before = 0;
        for (int i = 0; i < size; i++) {
            counts[i] = cumulative[i] - before;
            before = cumulative[i];
        }
        return Resolution.compact(
                Histogram.ofFloats(
                        ResetHint.UNKNOWN,
                        Histogram.CUSTOM_BUCKETS,
                        0,
                        0,
                        all,
                        sum,
                        new int[] {0, size},
                        counts,
                        new int[0],
                        new double[0],
                        Arrays.copyOf(bounds, size - 1)),
                0);
    }
}
