package org.narthex.scrape;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.api.scrape.SeriesReport;

/** Counts the series of one job: which labels and which metrics make them many. Takes memory for each different value while it counts. */
final class SeriesCensus {
    private final Map<String, LabelCount> labels = new HashMap<>();
    private final Map<String, MetricCount> metrics = new HashMap<>();
    private long series;

    private static final class LabelCount {
        final Set<String> values = new HashSet<>();
        long series;

        void add(String value) {
            values.add(value);
            series++;
        }
    }

    private static final class MetricCount {
        final Map<String, LabelCount> labels = new HashMap<>();
        long series;
    }

    void add(Labels counted) {
        series++;
        MetricCount metric = metrics.computeIfAbsent(counted.metricName(), name -> new MetricCount());
        metric.series++;
        for (int i = 0; i < counted.size(); i++) {
            String name = counted.name(i);
            if (!name.equals(Labels.METRIC_NAME)) {
                labels.computeIfAbsent(name, key -> new LabelCount()).add(counted.value(i));
                metric.labels.computeIfAbsent(name, key -> new LabelCount()).add(counted.value(i));
            }
        }
    }

    /**
     * What was counted.
     *
     * @param limit how many labels and metrics are named at most
     */
    SeriesReport.Job report(String job, long budget, int limit) {
        List<SeriesReport.Label> found = new ArrayList<>();
        labels.forEach((name, count) -> found.add(new SeriesReport.Label(name, count.values.size(), count.series)));
        found.sort(Comparator.comparingLong(SeriesReport.Label::values)
                .reversed()
                .thenComparing(SeriesReport.Label::name));
        return new SeriesReport.Job(
                job, series, budget, found.subList(0, Math.min(limit, found.size())), excess(budget, limit));
    }

    private List<SeriesReport.Excess> excess(long budget, int limit) {
        if (budget == 0 || series <= budget) {
            return List.of();
        }
        List<Map.Entry<String, MetricCount>> largest = new ArrayList<>(metrics.entrySet());
        largest.sort(Comparator.comparingLong((Map.Entry<String, MetricCount> entry) -> entry.getValue().series)
                .reversed()
                .thenComparing(Map.Entry::getKey));
        List<SeriesReport.Excess> excess = new ArrayList<>();
        long left = series;
        for (Map.Entry<String, MetricCount> entry : largest) {
            if (left <= budget || excess.size() == limit) {
                break;
            }
            left -= entry.getValue().series;
            excess.add(excess(entry.getKey(), entry.getValue()));
        }
        return excess;
    }

    private static SeriesReport.Excess excess(String metric, MetricCount count) {
        String label = "";
        long values = 0;
        for (Map.Entry<String, LabelCount> entry : count.labels.entrySet()) {
            int has = entry.getValue().values.size();
            if (has > values || (has == values && entry.getKey().compareTo(label) < 0)) {
                label = entry.getKey();
                values = has;
            }
        }
        return new SeriesReport.Excess(metric, count.series, label, values);
    }
}
