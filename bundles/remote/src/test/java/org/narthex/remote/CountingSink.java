package org.narthex.remote;

import java.util.Map;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Keeps values by name and labels. */
record CountingSink(Map<String, Double> values) implements MetricSink {
    @Override
    public void family(String name, MetricType type, String help) {}

    @Override
    public void sample(String name, double value, String... labels) {
        values.put(labels.length == 0 ? name : name + String.join(",", labels), value);
    }
}
