package org.narthex.push;

import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import jakarta.json.Json;
import jakarta.json.stream.JsonGenerator;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.SampleValue;
import org.narthex.api.scrape.MetricFamily;

/** The answers of the gateway's own API, in the Pushgateway's shape. */
final class GroupsJson {
    private GroupsJson() {}

    /** {@code GET /api/v1/metrics}. */
    static void metrics(List<PushedGroup> groups, OutputStream out) {
        try (JsonGenerator json = Json.createGenerator(out)) {
            json.writeStartObject().write("status", "success").writeStartArray("data");
            for (PushedGroup group : groups) {
                json.writeStartObject();
                labels(json, "labels", group.labels().toMap());
                json.write("last_push_successful", group.lastPushSucceeded());
                for (PushedGroup.Pushed pushed : group.exposed()) {
                    family(json, pushed);
                }
                json.writeEnd();
            }
            json.writeEnd().writeEnd();
        }
    }

    /** {@code GET /api/v1/status}. */
    static void status(Map<String, String> build, Map<String, String> flags, Instant startedAt, OutputStream out) {
        try (JsonGenerator json = Json.createGenerator(out)) {
            json.writeStartObject().write("status", "success").writeStartObject("data");
            labels(json, "build_information", build);
            labels(json, "flags", flags);
            json.write("start_time", startedAt.toString());
            json.writeEnd().writeEnd();
        }
    }

    private static void labels(JsonGenerator json, String key, Map<String, String> labels) {
        json.writeStartObject(key);
        labels.forEach(json::write);
        json.writeEnd();
    }

    private static void family(JsonGenerator json, PushedGroup.Pushed pushed) {
        MetricFamily family = pushed.family();
        json.writeStartObject(family.name());
        json.write("time_stamp", Instant.ofEpochMilli(pushed.pushedAtMs()).toString());
        json.write("type", type(family.type()));
        if (!family.help().isEmpty()) {
            json.write("help", family.help());
        }
        json.writeStartArray("metrics");
        switch (family.type()) {
            case HISTOGRAM, GAUGEHISTOGRAM -> composed(json, family, "buckets", "le");
            case SUMMARY -> composed(json, family, "quantiles", "quantile");
            default -> family.samples().forEach(sample -> simple(json, sample));
        }
        json.writeEnd().writeEnd();
    }

    /** The word of the protobuf format. */
    private static String type(MetricType type) {
        return switch (type) {
            case COUNTER, GAUGE, HISTOGRAM, SUMMARY -> type.name();
            case GAUGEHISTOGRAM -> "GAUGE_HISTOGRAM";
            case INFO, STATESET -> MetricType.GAUGE.name();
            case UNKNOWN -> "UNTYPED";
        };
    }

    private static void simple(JsonGenerator json, MetricFamily.Sample sample) {
        json.writeStartObject();
        labels(json, "labels", exposed(sample.labels()));
        json.write("value", SampleValue.format(sample.value()));
        json.writeEnd();
    }

    private static Map<String, String> exposed(Labels labels) {
        Map<String, String> exposed = new LinkedHashMap<>();
        String[] pairs = GroupExposition.pairs(labels);
        for (int i = 0; i < pairs.length; i += 2) {
            exposed.put(pairs[i], pairs[i + 1]);
        }
        return exposed;
    }

    /** Samples that differ in one label alone are one metric of several parts. */
    private static void composed(JsonGenerator json, MetricFamily family, String partsKey, String partLabel) {
        Map<Labels, Map<String, String>> parts = new LinkedHashMap<>();
        Map<Labels, Map<String, String>> totals = new LinkedHashMap<>();
        for (MetricFamily.Sample sample : family.samples()) {
            Labels metric = sample.labels().without(partLabel);
            Map<String, String> metricParts = parts.computeIfAbsent(metric, key -> new LinkedHashMap<>());
            Map<String, String> metricTotals = totals.computeIfAbsent(metric, key -> new LinkedHashMap<>());
            String value = SampleValue.format(sample.value());
            if (sample.labels().has(partLabel)) {
                metricParts.put(sample.labels().get(partLabel), value);
            } else {
                String suffix = sample.name().substring(sample.name().lastIndexOf('_') + 1);
                metricTotals.put(suffix.toLowerCase(Locale.ROOT), value);
            }
        }
        parts.forEach((metric, metricParts) -> {
            json.writeStartObject();
            labels(json, "labels", exposed(metric));
            labels(json, partsKey, metricParts);
            totals.get(metric).forEach(json::write);
            json.writeEnd();
        });
    }
}
