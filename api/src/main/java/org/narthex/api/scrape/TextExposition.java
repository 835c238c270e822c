package org.narthex.api.scrape;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.SampleValue;

/**
 * Metric families in the text format, version 0.0.4: sorted by name, those of one name from several exporters merged under the first one's
 * help and type. Not thread-safe.
 *
 * <p>Source: the Prometheus documentation, "Exposition formats".
 */
public final class TextExposition implements MetricSink {
    /** For the answer that carries it. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private record Family(MetricType type, String help, StringBuilder samples) {}

    private final Map<String, Family> families = new TreeMap<>(Labels.UTF8_ORDER);
    private StringBuilder samples;

    @Override
    public void family(String name, MetricType type, String help) {
        samples = families.computeIfAbsent(name, n -> new Family(type, help, new StringBuilder()))
                .samples();
    }

    @Override
    public void sample(String name, double value, String... labels) {
        if (samples == null) {
            throw new IllegalStateException("sample " + name + " comes before any metric family");
        }
        boolean plain = Labels.isMetricName(name);
        if (plain) {
            samples.append(name);
        }
        if (!plain || labels.length > 0) {
            samples.append('{');
            if (!plain) {
                quote(samples, name, true);
            }
            for (int i = 0; i < labels.length; i += 2) {
                if (i > 0 || !plain) {
                    samples.append(',');
                }
                if (Labels.isLabelName(labels[i])) {
                    samples.append(labels[i]);
                } else {
                    quote(samples, labels[i], true);
                }
                samples.append('=');
                quote(samples, labels[i + 1], true);
            }
            samples.append('}');
        }
        samples.append(' ');
        value(samples, value);
        samples.append('\n');
    }

    /** A sample of another time than now, in milliseconds since the epoch; without the label {@code instance} it gets an empty one. */
    public void sample(String name, Labels labels, double value, long timestampMs) {
        List<String> pairs = new ArrayList<>();
        boolean bare = !labels.has("instance");
        for (int i = 0; i < labels.size(); i++) {
            if (bare && labels.name(i).compareTo("instance") > 0) {
                pairs.addAll(List.of("instance", ""));
                bare = false;
            }
            pairs.addAll(List.of(labels.name(i), labels.value(i)));
        }
        if (bare) {
            pairs.addAll(List.of("instance", ""));
        }
        sample(name, value, pairs.toArray(new String[0]));
        samples.setLength(samples.length() - 1);
        samples.append(' ').append(timestampMs).append('\n');
    }

    /** Adds all that the other one holds. */
    public void addAll(TextExposition other) {
        other.families.forEach((name, family) -> {
            family(name, family.type(), family.help());
            samples.append(family.samples());
        });
    }

    /** Writes all families that have samples, in UTF-8; the stream stays open. */
    public void writeTo(OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder();
        for (Map.Entry<String, Family> entry : families.entrySet()) {
            head.setLength(0);
            Family family = entry.getValue();
            if (family.samples().length() == 0) {
                continue;
            }
            if (!family.help().isEmpty()) {
                head.append("# HELP ");
                familyName(head, entry.getKey());
                head.append(' ');
                escape(head, family.help(), false);
                head.append('\n');
            }
            head.append("# TYPE ");
            familyName(head, entry.getKey());
            head.append(' ').append(typeWord(family.type())).append('\n');
            out.write(head.toString().getBytes(StandardCharsets.UTF_8));
            out.write(family.samples().toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The text format knows fewer types than OpenMetrics. */
    private static String typeWord(MetricType type) {
        return switch (type) {
            case COUNTER, GAUGE, HISTOGRAM, SUMMARY -> type.word();
            case INFO, STATESET -> "gauge";
            case GAUGEHISTOGRAM -> "histogram";
            case UNKNOWN -> "untyped";
        };
    }

    private static void familyName(StringBuilder out, String name) {
        if (Labels.isMetricName(name)) {
            out.append(name);
        } else {
            quote(out, name, true);
        }
    }

    private static void quote(StringBuilder out, String text, boolean quotes) {
        out.append('"');
        escape(out, text, quotes);
        out.append('"');
    }

    private static void escape(StringBuilder out, String text, boolean quotes) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                out.append("\\\\");
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c == '"' && quotes) {
                out.append("\\\"");
            } else {
                out.append(c);
            }
        }
    }

    /** Plain notation from 1e-4 up to 1e6, exponents outside: what Go's {@code g} format gives, so that files compare equal. */
    private static void value(StringBuilder out, double value) {
        double abs = Math.abs(value);
        if (abs >= 1e6 || (abs < 1e-4 && abs > 0)) {
            out.append(SampleValue.formatExponent(value));
        } else {
            SampleValue.append(out, value);
        }
    }
}
