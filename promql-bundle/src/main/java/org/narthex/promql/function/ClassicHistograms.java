package org.narthex.promql.function;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Notes;
import org.narthex.promql.eval.Rows;
import org.narthex.promql.parser.Quoting;
import org.narthex.promql.parser.Span;

/** Bucket series of a vector, put together to histograms by their labels without {@code le}. */
final class ClassicHistograms {
    private static final String LE = "le";

    /** One bucket: its upper bound and its row. */
    private record Bucket(double bound, int row) {}

    /** A histogram whose buckets are sorted by bound. */
    static final class Histogram {
        private final Labels labels;
        private final String metricName;
        private final List<Bucket> buckets = new ArrayList<>();
        private final BitSet excluded = new BitSet();

        Histogram(Labels labels, String metricName) {
            this.labels = labels;
            this.metricName = metricName;
        }

        /** The labels without {@code le} and the name; histograms of two names are not put together. */
        Labels labels() {
            return labels;
        }

        String metricName() {
            return metricName;
        }

        /** The labels without {@code le} alone. */
        Labels named() {
            return metricName.isEmpty()
                    ? labels
                    : labels.toBuilder().set(Labels.METRIC_NAME, metricName).build();
        }

        int size() {
            return buckets.size();
        }

        boolean isPresent(Rows rows, int step) {
            for (Bucket bucket : buckets) {
                if (!rows.row(bucket.row()).isAbsent(step)
                        && rows.row(bucket.row()).histogram(step) == null) {
                    return true;
                }
            }
            return false;
        }

        /** Makes it count as not being there at the step. */
        void exclude(int step) {
            excluded.set(step);
        }

        /** Sets the buckets to those that have a value at the step. */
        void fill(Buckets into, Rows rows, int step) {
            into.clear();
            if (excluded.get(step)) {
                return;
            }
            for (int i = 0; i < buckets.size(); i++) {
                into.add(buckets.get(i).bound(), rows.values(buckets.get(i).row())[step]);
            }
        }
    }

    private ClassicHistograms() {}

    /** @param span what warnings about bad buckets point at */
    static List<Histogram> of(Rows rows, Notes notes, Span span) {
        Map<Labels, Histogram> histograms = new LinkedHashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            if (Absent.isEverywhere(rows.values(row))) {
                continue;
            }
            Labels labels = rows.labels(row);
            double bound;
            try {
                bound = SampleValue.parse(labels.get(LE));
            } catch (NumberFormatException e) {
                notes.warn(
                        "bucket label \"le\" is missing or has a malformed value of " + Quoting.quote(labels.get(LE))
                                + NativeHistograms.ofMetric(labels.metricName()),
                        span);
                continue;
            }
            Histogram histogram = histograms.computeIfAbsent(
                    labels.without(LE), key -> new Histogram(key.without(Labels.METRIC_NAME), labels.metricName()));
            histogram.buckets.add(new Bucket(bound, row));
        }
        List<Histogram> sorted = new ArrayList<>(histograms.values());
        for (Histogram histogram : sorted) {
            histogram.buckets.sort(Comparator.comparingDouble(Bucket::bound));
        }
        return sorted;
    }
}
