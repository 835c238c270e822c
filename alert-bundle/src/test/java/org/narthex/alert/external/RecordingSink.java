package org.narthex.alert.external;

import java.util.Map;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Keeps samples under {@code name{label="value"}}. */
public record RecordingSink(Map<String, Double> values) implements MetricSink {
    @Override
    public void family(String name, MetricType type, String help) {
        // Only values are looked at.
    }

    @Override
    public void sample(String name, double value, String... labels) {
        StringBuilder key = new StringBuilder(name);
        for (int i = 0; i < labels.length; i += 2) {
            key.append(i == 0 ? "{" : ",")
                    .append(labels[i])
                    .append("=\"")
                    .append(labels[i + 1])
                    .append('"');
        }
        values.put(key.append(labels.length == 0 ? "" : "}").toString(), value);
    }
}
