package org.narthex.exporter.node;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Labels;
import org.narthex.testkit.ExporterContractSink;

/**
 * A page of metrics, in a form that can be compared: series are written with their labels sorted and without empty ones.
 *
 * @param families type and help, by name
 * @param values   by series
 */
record Page(Map<String, String> families, Map<String, Double> values) {
    /** Of the text format, read just as far as needed here: node_exporter writes labels sorted and without blanks. */
    static Page of(String text) {
        Page page = new Page(new HashMap<>(), new TreeMap<>());
        Map<String, String> helps = new HashMap<>();
        text.lines().forEach(line -> {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helps.put(words[2], words[3]);
            } else if (line.startsWith("# TYPE ")) {
                String type = words[3].equals("untyped") ? "unknown" : words[3];
                page.families.put(words[2], type + " " + helps.getOrDefault(words[2], ""));
            } else {
                int end = line.lastIndexOf(' ');
                page.values.put(
                        line.substring(0, end)
                                .replaceAll("(?<=[{,])[a-z_]+=\"\",?", "")
                                .replace(",}", "}")
                                .replace("{}", ""),
                        Double.valueOf(line.substring(end + 1)));
            }
        });
        return page;
    }

    static Page of(ExporterContractSink sink) {
        Page page = new Page(new HashMap<>(), new TreeMap<>());
        sink.families()
                .forEach((name, family) -> page.families.put(name, family.type().word() + " " + family.help()));
        sink.samples().forEach((series, value) -> page.values.put(shown(series), value));
        return page;
    }

    private static String shown(Labels series) {
        StringBuilder out = new StringBuilder(series.metricName());
        Map<String, String> labels = series.without(Labels.METRIC_NAME).toMap();
        if (!labels.isEmpty()) {
            out.append('{');
            labels.forEach((name, value) -> {
                out.append(out.charAt(out.length() - 1) == '{' ? "" : ",")
                        .append(name)
                        .append('=');
                Labels.appendQuoted(out, value);
            });
            out.append('}');
        }
        return out.toString();
    }

    /** The family of a series of this page; its own name if it is no histogram and no summary. */
    static String nameOf(String series) {
        int brace = series.indexOf('{');
        return brace < 0 ? series : series.substring(0, brace);
    }

    /** Without the series whose names begin with one of the prefixes, and their families. */
    Page without(Iterable<String> prefixes) {
        Page rest = new Page(new HashMap<>(families), new TreeMap<>(values));
        for (String prefix : prefixes) {
            rest.families.keySet().removeIf(name -> name.startsWith(prefix));
            rest.values.keySet().removeIf(series -> series.startsWith(prefix));
        }
        return rest;
    }
}
