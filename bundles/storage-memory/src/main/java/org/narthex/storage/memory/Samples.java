package org.narthex.storage.memory;

import java.util.Arrays;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;

/** What two samples are to each other. */
final class Samples {
    private Samples() {}

    /** Whether two samples of one time are the same, bit by bit; a null histogram means a float. */
    static boolean same(double aValue, Histogram a, double bValue, Histogram b) {
        if (a != null && b != null) {
            return a.equalsIgnoringHint(b);
        }
        return a == null && b == null && Double.doubleToRawLongBits(aValue) == Double.doubleToRawLongBits(bValue);
    }

    /**
     * The histogram with the hint that holds beside the one before it, whatever its writer knew: samples may have been deleted or have come in between
     * since. Where it does not count on, the hint is {@code UNKNOWN}, as it is in Prometheus: readers then look themselves.
     *
     * @param before null for none or a float
     */
    static Histogram hinted(Histogram before, Histogram histogram) {
        ResetHint written = histogram.resetHint();
        if (written == ResetHint.GAUGE || written == ResetHint.RESET) {
            return histogram;
        }
        return histogram.withResetHint(
                before != null && countsOn(before, histogram) ? ResetHint.NOT_RESET : ResetHint.UNKNOWN);
    }

    private static boolean countsOn(Histogram before, Histogram after) {
        return !before.isStale()
                && !after.isStale()
                && before.resetHint() != ResetHint.GAUGE
                && before.isFloat() == after.isFloat()
                && before.schema() == after.schema()
                && before.zeroThreshold() == after.zeroThreshold()
                && Arrays.equals(before.customBounds(), after.customBounds())
                && before.count() <= after.count()
                && before.zeroCount() <= after.zeroCount()
                && countOn(Buckets.positive(before), Buckets.positive(after))
                && countOn(Buckets.negative(before), Buckets.negative(after));
    }

    /** Whether each used bucket is there again with at least its count. */
    private static boolean countOn(Buckets before, Buckets after) {
        boolean more = after.next();
        while (before.next()) {
            while (more && after.index < before.index) {
                more = after.next();
            }
            double now = more && after.index == before.index ? after.count() : 0;
            if (now < before.count()) {
                return false;
            }
        }
        return true;
    }

    /** Walks over the buckets of one side. */
    private static final class Buckets {
        private final Histogram histogram;
        private final boolean isPositive;
        private final int[] spans;
        private int span = -2;
        private int left;
        private int at = -1;
        /** By the histogram's schema; valid after {@link #next}. */
        int index = -1;

        private Buckets(Histogram histogram, boolean isPositive) {
            this.histogram = histogram;
            this.isPositive = isPositive;
            spans = isPositive ? histogram.positiveSpans() : histogram.negativeSpans();
        }

        static Buckets positive(Histogram histogram) {
            return new Buckets(histogram, true);
        }

        static Buckets negative(Histogram histogram) {
            return new Buckets(histogram, false);
        }

        boolean next() {
            while (left == 0) {
                span += 2;
                if (span == spans.length) {
                    span -= 2;
                    return false;
                }
                index += spans[span];
                left = spans[span + 1];
            }
            left--;
            index++;
            at++;
            return true;
        }

        double count() {
            return isPositive ? histogram.positive(at) : histogram.negative(at);
        }
    }
}
