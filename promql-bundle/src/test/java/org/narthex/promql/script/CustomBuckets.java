package org.narthex.promql.script;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;

/** Classic histograms of a {@code load_with_nhcb}, converted to native ones with custom buckets. */
final class CustomBuckets {
    /** What is known of one histogram at one position. */
    private static final class Parts {
        private final TreeMap<Double, Double> cumulative = new TreeMap<>();
        private Double count;
        private Double sum;
    }

    private final Map<Labels, Map<Integer, Parts>> histograms = new LinkedHashMap<>();
    private int positions;

    private CustomBuckets() {}

    static List<SeriesLine> of(Collection<SeriesLine> lines) {
        CustomBuckets buckets = new CustomBuckets();
        for (SeriesLine line : lines) {
            buckets.add(line);
        }
        return buckets.converted();
    }

    private void add(SeriesLine line) {
        String name = line.metric().metricName();
        Double bound = null;
        String suffix = name.endsWith("_bucket") ? "_bucket" : name.endsWith("_count") ? "_count" : "_sum";
        if (!name.endsWith(suffix)) {
            return;
        }
        if (suffix.equals("_bucket")) {
            try {
                bound = SeriesLine.number(line.metric().get("le"));
            } catch (RuntimeException e) {
                return;
            }
            if (bound.isNaN()) {
                return;
            }
        }
        Labels labels = line.metric().toBuilder()
                .remove("le")
                .set(Labels.METRIC_NAME, name.substring(0, name.length() - suffix.length()))
                .build();
        positions = Math.max(positions, line.values().size());
        for (int i = 0; i < line.values().size(); i++) {
            SeriesLine.Point point = line.values().get(i);
            if (point == null || point.histogram() != null) {
                continue;
            }
            Parts parts =
                    histograms.computeIfAbsent(labels, key -> new TreeMap<>()).computeIfAbsent(i, key -> new Parts());
            if (bound != null) {
                parts.cumulative.putIfAbsent(bound, point.value());
            } else if (suffix.equals("_count")) {
                parts.count = point.value();
            } else {
                parts.sum = point.value();
            }
        }
    }

    private List<SeriesLine> converted() {
        List<SeriesLine> lines = new ArrayList<>();
        histograms.forEach((labels, byPosition) -> {
            List<SeriesLine.Point> points = new ArrayList<>();
            for (int i = 0; i < positions; i++) {
                Parts parts = byPosition.get(i);
                boolean none = parts == null || (parts.cumulative.isEmpty() && parts.count == null);
                points.add(none ? null : point(parts));
            }
            lines.add(new SeriesLine(labels, points, List.of()));
        });
        return lines;
    }

    private static SeriesLine.Point point(Parts parts) {
        TreeMap<Double, Double> cumulative = parts.cumulative;
        double count =
                parts.count != null ? parts.count : cumulative.lastEntry().getValue();
        cumulative.putIfAbsent(Double.POSITIVE_INFINITY, count);
        double[] bounds = new double[cumulative.size() - 1];
        double[] counts = new double[cumulative.size()];
        double below = 0;
        int n = 0;
        for (Map.Entry<Double, Double> entry : cumulative.entrySet()) {
            if (n < bounds.length) {
                bounds[n] = entry.getKey();
            }
            counts[n++] = entry.getValue() - below;
            below = entry.getValue();
        }
        double sum = parts.sum == null ? 0 : parts.sum;
        Histogram histogram = Histogram.ofFloats(
                Histogram.ResetHint.UNKNOWN,
                Histogram.CUSTOM_BUCKETS,
                0,
                0,
                count,
                sum,
                new int[] {0, counts.length},
                counts,
                new int[0],
                new double[0],
                bounds);
        return new SeriesLine.Point(sum, histogram, false);
    }
}
