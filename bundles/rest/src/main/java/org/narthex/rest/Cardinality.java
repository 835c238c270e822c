package org.narthex.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageStats;

/** Counts the labels of the series that had samples of late: which names and values make them many. */
final class Cardinality {
    private static final long LATE_MS = 2 * 60 * 60 * 1000L;

    /** label name to value to number of series */
    private final Map<String, Map<String, Long>> series = new HashMap<>();

    /** How often something was counted. */
    public record Count(String name, long value) {}

    static Cardinality of(Storage storage, StorageStats stats) throws IOException {
        Cardinality cardinality = new Cardinality();
        if (stats.maxTimeMs() >= stats.minTimeMs()) {
            long startMs = Math.max(stats.minTimeMs(), stats.maxTimeMs() - LATE_MS);
            try (Querier querier = storage.querier(startMs, stats.maxTimeMs())) {
                SeriesSet set = querier.select(List.of(Matcher.of(Matcher.Type.NOT_EQUAL, Labels.METRIC_NAME, "")));
                for (int i = 0; i < set.size(); i++) {
                    cardinality.add(set.labels(i));
                }
            }
        }
        return cardinality;
    }

    void add(Labels labels) {
        for (int i = 0; i < labels.size(); i++) {
            series.computeIfAbsent(labels.name(i), name -> new HashMap<>()).merge(labels.value(i), 1L, Long::sum);
        }
    }

    List<Count> seriesByMetricName(int limit) {
        List<Count> counts = new ArrayList<>();
        series.getOrDefault(Labels.METRIC_NAME, Map.of()).forEach((name, n) -> counts.add(new Count(name, n)));
        return top(counts, limit);
    }

    List<Count> valuesByLabelName(int limit) {
        return byName(Map::size, limit);
    }

    /** As if each series held its values itself, which is how Prometheus counts. */
    List<Count> bytesByLabelName(int limit) {
        return byName(
                values -> {
                    long bytes = 0;
                    for (Map.Entry<String, Long> value : values.entrySet()) {
                        bytes += value.getValue() * value.getKey().getBytes(StandardCharsets.UTF_8).length;
                    }
                    return bytes;
                },
                limit);
    }

    List<Count> seriesByPair(int limit) {
        List<Count> counts = new ArrayList<>();
        series.forEach((name, values) -> values.forEach((value, n) -> counts.add(new Count(name + "=" + value, n))));
        return top(counts, limit);
    }

    private List<Count> byName(ToLongFunction<Map<String, Long>> figure, int limit) {
        List<Count> counts = new ArrayList<>();
        series.forEach((name, values) -> counts.add(new Count(name, figure.applyAsLong(values))));
        return top(counts, limit);
    }

    private static List<Count> top(List<Count> counts, int limit) {
        counts.sort(Comparator.comparingLong(Count::value).reversed().thenComparing(Count::name));
        return counts.subList(0, Math.min(limit, counts.size()));
    }
}
