package org.narthex.scrape;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.MetricType;
import org.narthex.api.model.PromDuration;
import org.narthex.api.scrape.MetricSink;

/** How long something took, by the interval of those it is about: quantiles of the last observations, and a histogram of all. Thread-safe. */
final class Lengths {
    private static final double[] QUANTILES = {0.01, 0.05, 0.5, 0.9, 0.99};
    /** Prometheus' own. */
    private static final double[] BOUNDS = {0.01, 0.1, 1, 10};

    private final Map<Long, Window> windows = new TreeMap<>();

    synchronized void add(long intervalMs, double seconds) {
        windows.computeIfAbsent(intervalMs, key -> new Window()).add(seconds);
    }

    synchronized void writeSummary(MetricSink sink, String name, String help) {
        sink.family(name, MetricType.SUMMARY, help);
        windows.forEach((ms, window) -> window.writeSummary(sink, name, PromDuration.format(ms)));
    }

    synchronized void writeHistogram(MetricSink sink, String name, String help) {
        sink.family(name, MetricType.HISTOGRAM, help);
        windows.forEach((ms, window) -> window.writeHistogram(sink, name, PromDuration.format(ms)));
    }

    private static final class Window {
        private final double[] last = new double[512];
        private final long[] buckets = new long[BOUNDS.length];
        private long count;
        private double sum;

        void add(double seconds) {
            last[(int) (count++ % last.length)] = seconds;
            sum += seconds;
            for (int i = 0; i < BOUNDS.length; i++) {
                buckets[i] += seconds <= BOUNDS[i] ? 1 : 0;
            }
        }

        void writeSummary(MetricSink sink, String name, String interval) {
            int n = (int) Math.min(count, last.length);
            double[] sorted = Arrays.copyOf(last, n);
            Arrays.sort(sorted);
            for (double quantile : QUANTILES) {
                double value = sorted[Math.min(n - 1, (int) (quantile * n))];
                sink.sample(name, value, "interval", interval, "quantile", Double.toString(quantile));
            }
            writeTotals(sink, name, interval);
        }

        void writeHistogram(MetricSink sink, String name, String interval) {
            for (int i = 0; i < BOUNDS.length; i++) {
                sink.sample(
                        name + "_bucket", (double) buckets[i], "interval", interval, "le", Double.toString(BOUNDS[i]));
            }
            sink.sample(name + "_bucket", (double) count, "interval", interval, "le", "+Inf");
            writeTotals(sink, name, interval);
        }

        private void writeTotals(MetricSink sink, String name, String interval) {
            sink.sample(name + "_sum", sum, "interval", interval);
            sink.sample(name + "_count", (double) count, "interval", interval);
        }
    }
}
