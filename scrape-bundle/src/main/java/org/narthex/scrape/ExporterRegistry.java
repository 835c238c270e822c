package org.narthex.scrape;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.model.PromDuration;
import org.narthex.api.scrape.Exporter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The exporters that are installed, by name. Thread-safe. */
final class ExporterRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(ExporterRegistry.class);

    private record Entry(Exporter exporter, boolean onDemand, Wishes wishes) {}

    /** What an exporter asks of the target of its own. */
    record Wishes(Optional<Long> intervalMs, boolean honorLabels) {
        /** Of several of one name the first interval counts, and honoring labels if any wants that. */
        Wishes and(Wishes other) {
            return new Wishes(intervalMs.or(other::intervalMs), honorLabels || other.honorLabels);
        }
    }

    /** So long an exporter that went may take to be back, replaced by a newer one, before its target goes. */
    static final long LINGER_MS = 1000;

    private final Map<String, List<Entry>> byName = new LinkedHashMap<>();
    private final Map<String, Long> leftAtMs = new HashMap<>();

    /** @return the exporter's name, empty if it has none and is ignored */
    synchronized String add(Exporter exporter, Map<String, ?> properties) {
        String name = nameOf(properties);
        if (name.isEmpty()) {
            LOG.warn("exporter {} is ignored: it lacks the service property {}", exporter, Exporter.NAME);
            return "";
        }
        Wishes wishes =
                new Wishes(interval(name, properties.get(Exporter.INTERVAL)), isOn(properties, Exporter.HONOR_LABELS));
        leftAtMs.remove(name);
        byName.computeIfAbsent(name, key -> new ArrayList<>(1))
                .add(new Entry(exporter, isOn(properties, Exporter.ON_DEMAND), wishes));
        return name;
    }

    private static boolean isOn(Map<String, ?> properties, String property) {
        return Boolean.parseBoolean(String.valueOf(properties.get(property)));
    }

    private static Optional<Long> interval(String name, Object property) {
        if (property == null) {
            return Optional.empty();
        }
        try {
            long ms = PromDuration.parse(property.toString());
            return ms > 0 ? Optional.of(ms) : Optional.empty();
        } catch (IllegalArgumentException e) {
            LOG.warn("exporter {}: service property {}: {}", name, Exporter.INTERVAL, e.getMessage());
            return Optional.empty();
        }
    }

    synchronized void remove(Exporter exporter, long nowMs) {
        byName.entrySet().removeIf(named -> {
            named.getValue().removeIf(entry -> entry.exporter == exporter);
            if (named.getValue().isEmpty()) {
                leftAtMs.put(named.getKey(), nowMs);
            }
            return named.getValue().isEmpty();
        });
    }

    static String nameOf(Map<String, ?> properties) {
        Object name = properties.get(Exporter.NAME);
        return name == null ? "" : name.toString();
    }

    /** Whether there is one of the name, or was until just now. */
    synchronized boolean isPresent(String name, long nowMs) {
        Long left = leftAtMs.get(name);
        return byName.containsKey(name) || (left != null && nowMs - left < LINGER_MS);
    }

    /** Those of one name, in the order they came. */
    synchronized List<Exporter> named(String name) {
        List<Exporter> exporters = new ArrayList<>();
        for (Entry entry : byName.getOrDefault(name, List.of())) {
            exporters.add(entry.exporter);
        }
        return exporters;
    }

    /** Names of exporters that want a target of their own, with what they ask of it. */
    synchronized Map<String, Wishes> wanting() {
        Map<String, Wishes> wanting = new LinkedHashMap<>();
        byName.forEach((name, entries) -> {
            for (Entry entry : entries) {
                if (!entry.onDemand) {
                    wanting.merge(name, entry.wishes, Wishes::and);
                }
            }
        });
        return wanting;
    }
}
