package org.narthex.storage.memory;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.api.storage.CardinalityStats;
import org.narthex.api.storage.CardinalityStats.Count;

/** Counts series by their labels, all anew each time it is asked. */
final class Cardinality {
    private final Map<String, Map<String, Long>> seriesByNameAndValue = new HashMap<>();

    Cardinality(Collection<Labels> series) {
        for (Labels labels : series) {
            for (int i = 0; i < labels.size(); i++) {
                seriesByNameAndValue
                        .computeIfAbsent(labels.name(i), name -> new HashMap<>())
                        .merge(labels.value(i), 1L, Long::sum);
            }
        }
    }

    long pairs() {
        return seriesByNameAndValue.values().stream().mapToLong(Map::size).sum();
    }

    CardinalityStats stats(int limit) {
        Map<String, Long> values = new HashMap<>();
        Map<String, Long> bytes = new HashMap<>();
        Map<String, Long> pairs = new HashMap<>();
        seriesByNameAndValue.forEach((name, byValue) -> {
            values.put(name, (long) byValue.size());
            byValue.forEach((value, count) -> {
                pairs.put(name + '=' + value, count);
                bytes.merge(name, count * value.getBytes(StandardCharsets.UTF_8).length, Long::sum);
            });
        });
        return new CardinalityStats(
                largest(seriesByNameAndValue.getOrDefault(Labels.METRIC_NAME, Map.of()), limit),
                largest(values, limit),
                largest(bytes, limit),
                largest(pairs, limit));
    }

    private static List<Count> largest(Map<String, Long> counts, int limit) {
        return counts.entrySet().stream()
                .map(entry -> new Count(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Count::count).reversed().thenComparing(Count::name))
                .limit(limit)
                .toList();
    }
}
