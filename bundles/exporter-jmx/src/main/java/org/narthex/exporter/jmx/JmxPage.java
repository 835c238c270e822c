package org.narthex.exporter.jmx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** The families of one scrape, each with its samples together. The first sample of a series counts. */
final class JmxPage {
    private final Map<String, Family> families = new LinkedHashMap<>();

    /**
     * Type and help are those of the family's first sample.
     *
     * @param values by labels
     */
    private record Family(MetricType type, String help, Map<Map<String, String>, Double> values) {}

    void add(Match match, double value) {
        Map<String, String> labels = new TreeMap<>();
        for (int i = 0; i < match.labels().size(); i += 2) {
            labels.put(match.labels().get(i), match.labels().get(i + 1));
        }
        families.computeIfAbsent(match.name(), any -> new Family(match.type(), match.help(), new LinkedHashMap<>()))
                .values()
                .putIfAbsent(labels, value);
    }

    void writeTo(MetricSink sink) {
        families.forEach((name, family) -> {
            sink.family(name, family.type(), family.help());
            family.values().forEach((labels, value) -> {
                String[] pairs = new String[2 * labels.size()];
                int i = 0;
                for (Map.Entry<String, String> label : labels.entrySet()) {
                    pairs[i++] = label.getKey();
                    pairs[i++] = label.getValue();
                }
                sink.sample(name, value, pairs);
            });
        });
    }
}
