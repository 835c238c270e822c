package org.narthex.promql.eval;

import org.narthex.promql.parser.TokenType;

/** What an aggregation of one group is made of, per step. Rows are added in their order; steps may be added by different threads. */
abstract class Fold {
    /** How many values were added. */
    final int[] counts;

    Fold(int steps) {
        counts = new int[steps];
    }

    static Fold of(TokenType operator, int steps) {
        return switch (operator) {
            case SUM -> new Sum(steps);
            case AVG -> new Average(steps);
            case MIN, MAX -> new Extreme(steps, operator == TokenType.MAX);
            case COUNT -> new Count(steps, false);
            case GROUP -> new Count(steps, true);
            case STDDEV, STDVAR -> new Deviation(steps, operator == TokenType.STDDEV);
            default -> throw new AssertionError(operator);
        };
    }

    /** Adds the steps {@code from} to {@code to}, exclusive, of a row. */
    void add(double[] row, int from, int to) {
        for (int step = from; step < to; step++) {
            double value = row[step];
            if (!Absent.is(value)) {
                counts[step]++;
                add(step, value);
            }
        }
    }

    /** Counts histograms as well. */
    final void addCounts(HistogramFold histograms) {
        for (int step = 0; step < counts.length; step++) {
            counts[step] += histograms.count(step);
        }
    }

    /** Adds a value; {@link #counts} includes it already. */
    abstract void add(int step, double value);

    abstract double result(int step);

    /** The result of all steps. */
    final double[] results() {
        double[] results = new double[counts.length];
        for (int step = 0; step < results.length; step++) {
            results[step] = counts[step] == 0 ? Absent.VALUE : result(step);
        }
        return results;
    }

    private static final class Sum extends Fold {
        private final double[] sums;
        private final double[] compensations;

        Sum(int steps) {
            super(steps);
            sums = new double[steps];
            compensations = new double[steps];
        }

        /** The same without a call per step: sums are asked for most. */
        @Override
        void add(double[] row, int from, int to) {
            for (int step = from; step < to; step++) {
                double value = row[step];
                if (!Absent.is(value)) {
                    counts[step]++;
                    add(step, value);
                }
            }
        }

        @Override
        void add(int step, double value) {
            double sum = sums[step];
            double total = sum + value;
            compensations[step] = Kahan.compensation(value, sum, compensations[step], total);
            sums[step] = total;
        }

        @Override
        double result(int step) {
            return sums[step] + compensations[step];
        }
    }

    private static final class Count extends Fold {
        private final boolean presence;

        Count(int steps, boolean presence) {
            super(steps);
            this.presence = presence;
        }

        @Override
        void add(int step, double value) {
            // counts is all there is
        }

        @Override
        double result(int step) {
            return presence ? 1 : counts[step];
        }
    }

    private static final class Extreme extends Fold {
        private final double[] extremes;
        private final boolean max;

        Extreme(int steps, boolean max) {
            super(steps);
            this.max = max;
            extremes = new double[steps];
        }

        @Override
        void add(int step, double value) {
            double extreme = extremes[step];
            if (counts[step] == 1 || Double.isNaN(extreme) || (max ? extreme < value : extreme > value)) {
                extremes[step] = value;
            }
        }

        @Override
        double result(int step) {
            return extremes[step];
        }
    }

    /** Sum divided by count; where the sum would overflow it goes on with a running mean. */
    private static final class Average extends Fold {
        private final double[] values;
        private final double[] compensations;
        private final boolean[] incremental;

        Average(int steps) {
            super(steps);
            values = new double[steps];
            compensations = new double[steps];
            incremental = new boolean[steps];
        }

        @Override
        void add(int step, double value) {
            int count = counts[step];
            if (count == 1) {
                values[step] = value;
                return;
            }
            double sum = values[step];
            if (!incremental[step]) {
                double total = sum + value;
                if (!Double.isInfinite(total)) {
                    compensations[step] = Kahan.compensation(value, sum, compensations[step], total);
                    values[step] = total;
                    return;
                }
                incremental[step] = true;
                values[step] = sum / (count - 1);
                compensations[step] /= count - 1;
            }
            double weight = (count - 1.0) / count;
            double mean = weight * values[step];
            double share = value / count;
            double total = mean + share;
            compensations[step] = Kahan.compensation(share, mean, weight * compensations[step], total);
            values[step] = total;
        }

        @Override
        double result(int step) {
            return incremental[step]
                    ? values[step] + compensations[step]
                    : values[step] / counts[step] + compensations[step] / counts[step];
        }
    }

    /** Welford's running variance of the population. */
    private static final class Deviation extends Fold {
        private final double[] means;
        private final double[] squares;
        private final boolean root;

        Deviation(int steps, boolean root) {
            super(steps);
            this.root = root;
            means = new double[steps];
            squares = new double[steps];
        }

        @Override
        void add(int step, double value) {
            if (counts[step] == 1) {
                means[step] = value;
                squares[step] = Double.isNaN(value) || Double.isInfinite(value) ? Double.NaN : 0;
                return;
            }
            double delta = value - means[step];
            means[step] += delta / counts[step];
            squares[step] += delta * (value - means[step]);
        }

        @Override
        double result(int step) {
            double variance = squares[step] / counts[step];
            return root ? Math.sqrt(variance) : variance;
        }
    }
}
