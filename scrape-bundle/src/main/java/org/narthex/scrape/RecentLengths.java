package org.narthex.scrape;

import java.util.Arrays;

import org.narthex.api.scrape.MetricSink;

/** How long something took: quantiles of the last times it happened, and a histogram of all. Guarded by its owner. */
final class RecentLengths {
    private static final double[] QUANTILES = {0.01, 0.05, 0.5, 0.9, 0.99};
    /** Prometheus' own. */
    private static final double[] BOUNDS = {0.01, 0.1, 1, 10};

    private final double[] last;
    private final long[] buckets = new long[BOUNDS.length];
    private long count;
    private double sum;

    /** @param size how many the quantiles are taken of */
    RecentLengths(int size) {
        last = new double[size];
    }

    void add(double seconds) {
        last[(int) (count++ % last.length)] = seconds;
        sum += seconds;
        for (int i = 0; i < BOUNDS.length; i++) {
            buckets[i] += seconds <= BOUNDS[i] ? 1 : 0;
        }
    }

    void writeSummary(MetricSink sink, String name, String label, String value) {
        int n = (int) Math.min(count, last.length);
        double[] sorted = Arrays.copyOf(last, n);
        Arrays.sort(sorted);
        for (double quantile : QUANTILES) {
            double length = n == 0 ? Double.NaN : sorted[Math.min(n - 1, (int) (quantile * n))];
            sink.sample(name, length, label, value, "quantile", Double.toString(quantile));
        }
        writeTotals(sink, name, label, value);
    }

    void writeHistogram(MetricSink sink, String name, String label, String value) {
        for (int i = 0; i < BOUNDS.length; i++) {
            sink.sample(name + "_bucket", (double) buckets[i], label, value, "le", Double.toString(BOUNDS[i]));
        }
        sink.sample(name + "_bucket", (double) count, label, value, "le", "+Inf");
        writeTotals(sink, name, label, value);
    }

    private void writeTotals(MetricSink sink, String name, String label, String value) {
        sink.sample(name + "_sum", sum, label, value);
        sink.sample(name + "_count", (double) count, label, value);
    }
}
