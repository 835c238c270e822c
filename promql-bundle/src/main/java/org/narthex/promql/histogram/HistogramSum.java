package org.narthex.promql.histogram;

import org.narthex.promql.eval.Kahan;

/**
 * The sum or the mean of histograms, with compensation in every bucket. A mean is the sum divided by the count; where the sum would overflow it
 * goes on with a running mean. Not thread-safe.
 */
public final class HistogramSum {
    /** What happened while adding, for the annotations. */
    public enum Outcome {
        ADDED,
        /** Custom bounds had to be brought into line. */
        RECONCILED,
        /** Exponential and custom buckets do not mix; there is no sum. */
        INCOMPATIBLE
    }

    private final boolean mean;
    private FloatHistogram sum;
    /** What rounding took from the sum, in the same layout; null while nothing was added to the first. */
    private FloatHistogram compensation;

    private double count;
    private boolean running;

    private HistogramSum(boolean mean, FloatHistogram first) {
        this.mean = mean;
        this.sum = first;
        this.count = 1;
    }

    public static HistogramSum sum(FloatHistogram first) {
        return new HistogramSum(false, first);
    }

    public static HistogramSum mean(FloatHistogram first) {
        return new HistogramSum(true, first);
    }

    public Outcome add(FloatHistogram histogram) {
        if (!sum.isCompatible(histogram)) {
            return Outcome.INCOMPATIBLE;
        }
        Outcome outcome = sum.needsReconciling(histogram) ? Outcome.RECONCILED : Outcome.ADDED;
        count++;
        if (!mean) {
            addTo(sum, compensation, histogram);
            return outcome;
        }
        if (!running) {
            FloatHistogram before = sum;
            FloatHistogram compensationBefore = compensation;
            addTo(sum, compensation, histogram);
            if (!sum.isInfinite()) {
                return outcome;
            }
            running = true;
            sum = before.dividedBy(count - 1);
            compensation = compensationBefore == null ? null : compensationBefore.dividedBy(count - 1);
        }
        double weight = (count - 1) / count;
        addTo(sum.times(weight), compensation == null ? null : compensation.times(weight), histogram.dividedBy(count));
        return outcome;
    }

    private void addTo(FloatHistogram to, FloatHistogram lost, FloatHistogram added) {
        Layout layout = Layout.common(to, added);
        FloatHistogram a = layout.apply(to);
        FloatHistogram b = layout.apply(added);
        FloatHistogram c = lost == null ? a.emptied().widened(layout.zeroThreshold()) : layout.apply(lost);
        double zero = a.zeroCount() + b.zeroCount();
        double all = a.count() + b.count();
        double total = a.sum() + b.sum();
        int[] positive = a.positive().union(b.positive());
        int[] negative = a.negative().union(b.negative());
        double[] p = a.positive().countsAt(positive);
        double[] n = a.negative().countsAt(negative);
        double[] lostP = c.positive().countsAt(positive);
        double[] lostN = c.negative().countsAt(negative);
        addUp(p, lostP, b.positive().countsAt(positive));
        addUp(n, lostN, b.negative().countsAt(negative));
        compensation = c.with(
                Kahan.compensation(b.zeroCount(), a.zeroCount(), c.zeroCount(), zero),
                Kahan.compensation(b.count(), a.count(), c.count(), all),
                Kahan.compensation(b.sum(), a.sum(), c.sum(), total),
                new Side(positive, lostP),
                new Side(negative, lostN));
        sum = a.with(zero, all, total, new Side(positive, p), new Side(negative, n))
                .withHint(to.joinedHint(added));
    }

    private static void addUp(double[] sums, double[] lost, double[] added) {
        for (int i = 0; i < sums.length; i++) {
            double total = sums[i] + added[i];
            lost[i] = Kahan.compensation(added[i], sums[i], lost[i], total);
            sums[i] = total;
        }
    }

    public FloatHistogram result() {
        FloatHistogram value = mean && !running ? sum.dividedBy(count) : sum;
        if (compensation == null) {
            return value;
        }
        FloatHistogram rest = mean && !running ? compensation.dividedBy(count) : compensation;
        return value.plus(rest.withHint(value.hint())).compact();
    }
}
