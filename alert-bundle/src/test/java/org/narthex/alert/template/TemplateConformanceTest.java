package org.narthex.alert.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.alert.Json;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;

/** Runs Prometheus' own cases, read from where {@code conformance.dir} points. */
class TemplateConformanceTest {
    private static Map<String, Object> cases() throws IOException {
        return map(Json.conformance("templates", "cases.json"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(Object value) {
        return value == null ? List.of() : (List<Map<String, Object>>) value;
    }

    @Test
    void expandsAsPrometheusDoes() throws IOException {
        List<String> failed = new ArrayList<>();
        List<Map<String, Object>> cases = maps(cases().get("cases"));
        for (Map<String, Object> each : cases) {
            String difference = difference(each);
            if (!difference.isEmpty()) {
                failed.add(each.get("line") + " " + each.get("text") + ": " + difference);
            }
        }
        assertThat(cases).hasSizeGreaterThanOrEqualTo(91);
        assertThat(failed).isEmpty();
    }

    @Test
    void makesTimesOfNumbers() throws IOException, TemplateException {
        for (Map<String, Object> each : maps(cases().get("float_to_time"))) {
            double seconds = ((Number) each.get("input")).doubleValue();
            if (Boolean.TRUE.equals(each.get("ok"))) {
                assertThat(time(seconds)).as("%s", each).isEqualTo(each.get("utc"));
            } else {
                assertThatThrownBy(() -> time(seconds)).isInstanceOf(TemplateException.class);
            }
        }
    }

    private static String time(double seconds) throws TemplateException {
        return Humanize.time(seconds).format("2006-01-02T15:04:05Z07:00");
    }

    @SuppressWarnings("unchecked")
    private static String difference(Map<String, Object> each) {
        boolean mustFail = Boolean.TRUE.equals(each.get("should_fail"));
        List<Sample> answer = new ArrayList<>();
        for (Map<String, Object> sample : maps(each.get("query_result"))) {
            Labels.Builder labels = Labels.builder();
            ((Map<String, String>) sample.get("labels")).forEach(labels::set);
            answer.add(new Sample(
                    labels.build(),
                    sample.containsKey("histogram")
                            ? histogram(map(sample.get("histogram")))
                            : (Object) ((Number) sample.get("value")).doubleValue()));
        }
        List<Object> options = (List<Object>) each.getOrDefault("options", List.of());
        try {
            String text = (String) each.get("text");
            GoTemplate template = GoTemplate.parse("test", text, PrometheusFunctions.names());
            Object input = input(map(each.get("input")));
            Map<String, Function> functions = GoTemplate.withBuiltins(
                    PrometheusFunctions.bind(1353755652000L, "http://testhost:9090/path/prefix", expression -> answer));
            Evaluation.MissingKey missing =
                    options.contains("missingkey=error") ? Evaluation.MissingKey.ERROR : Evaluation.MissingKey.ZERO;
            String output = Boolean.TRUE.equals(each.get("html"))
                    ? template.executeHtml(input, functions, missing)
                    : template.execute(input, functions, missing);
            return mustFail ? "no error but " + output : output.equals(each.get("output")) ? "" : output;
        } catch (TemplateException e) {
            // How a text that is no template or fails is introduced is the matter of those who expand it.
            String wanted =
                    String.valueOf(each.get("error")).replaceFirst("^error (parsing|executing) template test: ", "");
            return mustFail && e.getMessage().equals(wanted) ? "" : e.getMessage() + " instead of " + wanted;
        }
    }

    /** Of the cases none has buckets. */
    private static Histogram histogram(Map<String, Object> value) {
        return Histogram.ofFloats(
                Histogram.ResetHint.UNKNOWN,
                ((Number) value.get("schema")).intValue(),
                0,
                0,
                ((Number) value.get("count")).doubleValue(),
                ((Number) value.get("sum")).doubleValue(),
                new int[0],
                new double[0],
                new int[0],
                new double[0],
                new double[0]);
    }

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
        if (type.equals("&sample")) {
            return new Sample(Labels.EMPTY, histogram(map(map(value).get("Value"))));
        }
        if (value instanceof Map<?, ?> special) {
            return SampleValue.parse(String.valueOf(special.get("float")));
        }
        return type.endsWith("float64") ? (Object) ((Number) value).doubleValue() : value;
    }
}
