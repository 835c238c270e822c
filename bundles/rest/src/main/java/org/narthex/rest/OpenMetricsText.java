package org.narthex.rest;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.SampleValue;

/** Writes OpenMetrics as Prometheus' own library does. Source: the OpenMetrics specification, version 1.0. */
final class OpenMetricsText {
    private static final String TOTAL = "_total";
    private static final String INFO = "_info";
    private static final double EXACT_INTEGER = 0x1p53;

    private final StringBuilder out = new StringBuilder();

    private OpenMetricsText() {}

    static String of(MetricFamilies families) {
        OpenMetricsText text = new OpenMetricsText();
        families.all().forEach(text::add);
        return text.out.append("# EOF\n").toString();
    }

    private void add(MetricFamilies.Family family) {
        String type = typeWord(family);
        String name = familyName(family.name(), type);
        if (!family.help().isEmpty()) {
            out.append("# HELP ");
            name(name);
            out.append(' ');
            escape(family.help());
            out.append('\n');
        }
        out.append("# TYPE ");
        name(name);
        out.append(' ').append(type).append('\n');
        family.samples().forEach(sample -> add(family.type(), sample));
    }

    /** A name without the suffix that the type asks for is of no type that OpenMetrics knows. */
    private static String typeWord(MetricFamilies.Family family) {
        return switch (family.type()) {
            case COUNTER -> family.name().endsWith(TOTAL) ? "counter" : "unknown";
            case INFO -> family.name().endsWith(INFO) ? "info" : "gauge";
            // Its label would have to be named as the family is.
            case STATESET -> "gauge";
            case GAUGE, HISTOGRAM, GAUGEHISTOGRAM, SUMMARY, UNKNOWN ->
                family.type().word();
        };
    }

    private static String familyName(String name, String type) {
        return switch (type) {
            case "counter" -> name.substring(0, name.length() - TOTAL.length());
            case "info" -> name.substring(0, name.length() - INFO.length());
            default -> name;
        };
    }

    private void add(MetricType type, MetricFamilies.Sample sample) {
        boolean plain = Labels.isMetricName(sample.name());
        if (plain) {
            out.append(sample.name());
        }
        if (!plain || !sample.labels().isEmpty()) {
            out.append('{');
            if (!plain) {
                quote(sample.name());
            }
            for (int i = 0; i < sample.labels().size(); i += 2) {
                if (i > 0 || !plain) {
                    out.append(',');
                }
                String label = sample.labels().get(i);
                if (Labels.isLabelName(label)) {
                    out.append(label);
                } else {
                    quote(label);
                }
                out.append('=');
                quote(
                        isBound(type, label)
                                ? bound(sample.labels().get(i + 1))
                                : sample.labels().get(i + 1));
            }
            out.append('}');
        }
        out.append(' ').append(isCount(type, sample) ? SampleValue.format(sample.value()) : number(sample.value()));
        out.append('\n');
    }

    private static boolean isBound(MetricType type, String label) {
        return (type == MetricType.HISTOGRAM && label.equals("le"))
                || (type == MetricType.SUMMARY && label.equals("quantile"));
    }

    private static String bound(String text) {
        try {
            return number(SampleValue.parse(text));
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private static boolean isCount(MetricType type, MetricFamilies.Sample sample) {
        boolean counts = sample.name().endsWith("_count")
                || (type == MetricType.HISTOGRAM && sample.name().endsWith("_bucket"));
        return counts
                && (type == MetricType.HISTOGRAM || type == MetricType.SUMMARY)
                && sample.value() == Math.rint(sample.value())
                && Math.abs(sample.value()) < EXACT_INTEGER;
    }

    /** The canonical spelling: always with a dot or an exponent; exponents from 1e+06 on and below 1e-04. */
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return SampleValue.format(value);
        }
        double abs = Math.abs(value);
        if (abs != 0 && (abs < 1e-4 || abs >= 1e6)) {
            return SampleValue.formatExponent(value);
        }
        String plain = SampleValue.format(value);
        return plain.indexOf('.') < 0 && plain.indexOf('e') < 0 ? plain + ".0" : plain;
    }

    private void name(String name) {
        if (Labels.isMetricName(name)) {
            out.append(name);
        } else {
            quote(name);
        }
    }

    private void quote(String text) {
        out.append('"');
        escape(text);
        out.append('"');
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '"' -> out.append("\\\"");
                default -> out.append(c);
            }
        }
    }
}
