package org.narthex.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.Test;
import org.narthex.api.Conformance;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Regex;

/** Relabelling against upstream's own table. */
class RelabelConformanceTest {
    @Test
    void relabelsAsUpstream() throws IOException {
        List<String> wrong = new ArrayList<>();
        int cases = 0;
        for (JsonValue entry : Conformance.json("relabel/cases.json").asJsonArray()) {
            JsonObject c = entry.asJsonObject();
            List<RelabelConfig> steps = c.getJsonArray("relabel_configs").stream()
                    .map(step -> step(step.asJsonObject()))
                    .toList();
            Optional<Labels> expected = c.containsKey("output") && !c.isNull("output")
                    ? Optional.of(Labels.of(Conformance.texts(c.getJsonObject("output"))))
                    : Optional.empty();
            Optional<Labels> actual =
                    RelabelConfig.apply(Labels.of(Conformance.texts(c.getJsonObject("input"))), steps);
            cases++;
            if (!actual.equals(expected)) {
                wrong.add(c + " gave " + actual);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(cases).isGreaterThan(30);
    }

    private static RelabelConfig step(JsonObject json) {
        List<String> sources = json.containsKey("source_labels")
                ? json.getJsonArray("source_labels").getValuesAs(JsonString::getString)
                : List.of();
        return new RelabelConfig(
                sources,
                json.getString("separator", ";"),
                json.getString("target_label", ""),
                Regex.compile(json.getString("regex", "(.*)")),
                json.getInt("modulus", 0),
                json.getString("replacement", "$1"),
                RelabelConfig.Action.valueOf(json.getString("action", "replace").toUpperCase(Locale.ROOT)));
    }
}
