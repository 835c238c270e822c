package org.narthex.alert.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;

/** Runs Prometheus' own cases, read from where {@code conformance.dir} points. */
class TemplateConformanceTest {
    /** How many of the cases pass; raise it when more do. The others want HTML escaping or native histograms. */
    private static final int FLOOR = 81;

    @Test
    @SuppressWarnings("unchecked")
    void expandsAsPrometheusDoes() throws IOException {
        Path file = Path.of(System.getProperty("conformance.dir", ""), "templates", "cases.json");
        assumeTrue(Files.exists(file), "no conformance cases at " + file);
        Map<String, Object> root = (Map<String, Object>) Json.parse(Files.readString(file));
        int passed = 0;
        List<String> failed = new ArrayList<>();
        for (Map<String, Object> each : (List<Map<String, Object>>) root.get("cases")) {
            String difference = difference(each);
            if (difference.isEmpty()) {
                passed++;
            } else {
                failed.add(each.get("line") + " " + each.get("text") + ": " + difference);
            }
        }
        System.out.println("templates/cases.json: " + passed + " passed, " + failed.size() + " not: " + failed);
        assertThat(passed).as("%s", failed).isGreaterThanOrEqualTo(FLOOR);
    }

    @SuppressWarnings("unchecked")
    private static String difference(Map<String, Object> each) {
        boolean mustFail = Boolean.TRUE.equals(each.get("should_fail"));
        if (Boolean.TRUE.equals(each.get("html"))) {
            return "HTML escaping is not there";
        }
        List<Sample> answer = new ArrayList<>();
        for (Map<String, Object> sample : (List<Map<String, Object>>) each.getOrDefault("query_result", List.of())) {
            if (sample.containsKey("histogram")) {
                return "native histograms are not there";
            }
            Labels.Builder labels = Labels.builder();
            ((Map<String, String>) sample.get("labels")).forEach(labels::set);
            answer.add(new Sample(labels.build(), ((Number) sample.get("value")).doubleValue()));
        }
        if (String.valueOf(each.get("input")).contains("schema")) {
            return "native histograms are not there";
        }
        List<Object> options = (List<Object>) each.getOrDefault("options", List.of());
        try {
            String text = (String) each.get("text");
            String output = GoTemplate.parse("test", text, PrometheusFunctions.names())
                    .execute(
                            input((Map<String, Object>) each.get("input")),
                            GoTemplate.withBuiltins(PrometheusFunctions.bind(
                                    1353755652000L, "http://testhost:9090/path/prefix", expression -> answer)),
                            options.contains("missingkey=error")
                                    ? Evaluation.MissingKey.ERROR
                                    : Evaluation.MissingKey.ZERO);
            return mustFail ? "no error but " + output : output.equals(each.get("output")) ? "" : output;
        } catch (TemplateException e) {
            String wanted = String.valueOf(each.get("error"));
            String last = wanted.substring(wanted.lastIndexOf(": ") + 2);
            return mustFail && e.getMessage().endsWith(last) ? "" : e.getMessage();
        }
    }

    @SuppressWarnings("unchecked")
    private static Object input(Map<String, Object> input) {
        if (input == null) {
            return null;
        }
        String type = (String) input.get("go_type");
        Object value = input.get("value");
        if (value instanceof List<?> list) {
            return list.stream().map(each -> typed(type, each)).toList();
        }
        return typed(type, value);
    }

    private static Object typed(String type, Object value) {
        if (value instanceof Map<?, ?> special) {
            return SampleValue.parse(String.valueOf(special.get("float")));
        }
        return type.endsWith("float64") ? (Object) ((Number) value).doubleValue() : value;
    }
}
