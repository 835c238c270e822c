package org.narthex.promql.eval;

import java.util.concurrent.atomic.AtomicBoolean;

import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.histogram.HistogramSum;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.TokenType;

/** What the histograms of one group add up to, per step; only sum and avg have a result. Steps may be added by different threads. */
final class HistogramFold {
    private final Expr.Aggregate aggregate;
    private final Notes notes;
    private final boolean adds;
    private final HistogramSum[] sums;
    /** How many histograms there are, whatever becomes of them. */
    private final int[] counts;

    private final boolean[] incompatible;
    private final boolean[] resetSeen;
    private final boolean[] notResetSeen;
    private final AtomicBoolean reconciled = new AtomicBoolean();

    HistogramFold(Expr.Aggregate aggregate, int steps, Notes notes) {
        this.aggregate = aggregate;
        this.notes = notes;
        this.adds = aggregate.operator() == TokenType.SUM || aggregate.operator() == TokenType.AVG;
        this.sums = new HistogramSum[adds ? steps : 0];
        this.counts = new int[steps];
        this.incompatible = new boolean[adds ? steps : 0];
        this.resetSeen = new boolean[adds ? steps : 0];
        this.notResetSeen = new boolean[adds ? steps : 0];
    }

    int count(int step) {
        return counts[step];
    }

    /** Adds the steps {@code from} to {@code to}, exclusive, of a row's histograms. */
    void add(FloatHistogram[] histograms, String metric, int from, int to) {
        for (int step = from; step < to; step++) {
            if (histograms[step] != null) {
                counts[step]++;
                if (adds && !incompatible[step]) {
                    add(step, histograms[step], metric);
                }
            }
        }
    }

    private void add(int step, FloatHistogram histogram, String metric) {
        resetSeen[step] |= histogram.hint() == ResetHint.RESET;
        notResetSeen[step] |= histogram.hint() == ResetHint.NOT_RESET;
        if (sums[step] == null) {
            boolean mean = aggregate.operator() == TokenType.AVG;
            sums[step] = mean ? HistogramSum.mean(histogram) : HistogramSum.sum(histogram);
            return;
        }
        switch (sums[step].add(histogram)) {
            case INCOMPATIBLE -> {
                incompatible[step] = true;
                notes.mixedSchemas(metric, aggregate.inner().span());
            }
            case RECONCILED -> reconciled.set(true);
            case ADDED -> {
                // nothing to tell
            }
        }
    }

    /** The sums or means; floats of the same group are left out where there are histograms as well, since they do not mix. */
    FloatHistogram[] results(Fold floats, double[] values) {
        FloatHistogram[] results = new FloatHistogram[counts.length];
        for (int step = 0; step < results.length; step++) {
            if (counts[step] == 0) {
                continue;
            }
            if (floats.counts[step] > 0) {
                notes.warn(
                        "encountered a mix of histograms and floats for aggregation",
                        aggregate.inner().span());
                values[step] = Absent.VALUE;
            } else if (!incompatible[step]) {
                results[step] = sums[step].result().compact();
                if (resetSeen[step] && notResetSeen[step]) {
                    notes.resetsCollide("aggregation", aggregate.inner().span());
                }
            }
        }
        if (reconciled.get()) {
            notes.boundsReconciled("aggregation", aggregate.inner().span());
        }
        return results;
    }
}
