package org.narthex.rest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** What was measured, by family: sorted by name, those of one name from several exporters merged under the first one's help and type. Not thread-safe. */
final class MetricFamilies implements MetricSink {
    /** @param labels name, value, name, value, … */
    record Sample(String name, double value, List<String> labels) {
        String label(String wanted) {
            for (int i = 0; i < labels.size(); i += 2) {
                if (labels.get(i).equals(wanted)) {
                    return labels.get(i + 1);
                }
            }
            return "";
        }
    }

    /** One family; samples are added as they come. */
    record Family(String name, MetricType type, String help, List<Sample> samples) {}

    private final Map<String, Family> families = new TreeMap<>(Labels.UTF8_ORDER);
    private List<Sample> current = new ArrayList<>();

    @Override
    public void family(String name, MetricType type, String help) {
        current = families.computeIfAbsent(name, key -> new Family(key, type, help, new ArrayList<>()))
                .samples();
    }

    @Override
    public void sample(String name, double value, String... labels) {
        if (families.isEmpty()) {
            throw new IllegalStateException("sample " + name + " comes before any metric family");
        }
        current.add(new Sample(name, value, List.of(labels)));
    }

    /** Adds all that the other one holds. */
    void addAll(MetricFamilies other) {
        for (Family family : other.families.values()) {
            family(family.name(), family.type(), family.help());
            current.addAll(family.samples());
        }
    }

    /** Those that have samples, in order. */
    Collection<Family> all() {
        return families.values().stream()
                .filter(family -> !family.samples().isEmpty())
                .toList();
    }

    /** The same with names as a client takes them. */
    MetricFamilies escaped(NameEscaping escaping) {
        if (escaping == NameEscaping.ALLOW_UTF_8) {
            return this;
        }
        MetricFamilies escaped = new MetricFamilies();
        for (Family family : families.values()) {
            escaped.family(escaping.escape(family.name()), family.type(), family.help());
            for (Sample sample : family.samples()) {
                String[] labels = sample.labels().toArray(String[]::new);
                for (int i = 0; i < labels.length; i += 2) {
                    labels[i] = escaping.escape(labels[i]);
                }
                escaped.sample(escaping.escape(sample.name()), sample.value(), labels);
            }
        }
        return escaped;
    }

    /** Tells another sink the same. */
    void tell(MetricSink sink) {
        for (Family family : families.values()) {
            sink.family(family.name(), family.type(), family.help());
            for (Sample sample : family.samples()) {
                sink.sample(sample.name(), sample.value(), sample.labels().toArray(String[]::new));
            }
        }
    }
}
