package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;
import org.narthex.api.model.Matcher;

/** Alertmanager's own cases; floors as in {@link PrometheusConformanceTest}. */
class AlertmanagerConformanceTest {
    private Path folder;

    @BeforeEach
    void needsTheCases() {
        String dir = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(dir.isEmpty(), "-Dconformance.dir is not given");
        folder = Path.of(dir, "alertmanager");
    }

    private static JsonObject json(Path file) throws IOException {
        try (JsonReader reader = Json.createReader(new StringReader(Files.readString(file)))) {
            return reader.readObject();
        }
    }

    private static String load(String yaml) {
        try {
            new AlertmanagerReader(new Diagnostics()).read(Texts.node(yaml));
            return "";
        } catch (ConfigException e) {
            return e.getMessage();
        }
    }

    @Test
    void readsConfigurationFiles() throws IOException {
        int right = 0;
        List<JsonObject> cases = json(folder.resolve("config/expected.json"))
                .getJsonArray("files")
                .getValuesAs(JsonObject.class);
        for (JsonObject one : cases) {
            String error = load(Files.readString(folder.resolve("config/testdata/" + one.getString("file"))));
            if (one.getBoolean("ok")) {
                assertThat(error).as(one.getString("file")).isEmpty();
                right++;
            } else if (!error.isEmpty()) {
                right++;
            }
        }
        System.out.println("alertmanager.yml files: " + cases.size() + ", right " + right);
        assertThat(right).isGreaterThanOrEqualTo(40);
    }

    @Test
    void readsConfigurationsInPlace() throws IOException {
        int right = 0;
        int ran = 0;
        for (JsonObject one : json(folder.resolve("config/expected.json"))
                .getJsonArray("inline")
                .getValuesAs(JsonObject.class)) {
            if (!one.getString("what").equals("whole configuration")) {
                continue;
            }
            ran++;
            String error = load(one.getString("input"));
            boolean good = one.getBoolean("ok") ? error.isEmpty() : !error.isEmpty();
            right += good ? 1 : 0;
        }
        System.out.println("alertmanager configurations in place: " + ran + ", right " + right);
        assertThat(right).isGreaterThanOrEqualTo(28);
    }

    @Test
    void readsMatchers() throws IOException {
        JsonObject expected = json(folder.resolve("matchers.json"));
        int right = 0;
        int ran = 0;
        for (String table :
                List.of("fallback_parse_matchers", "fallback_parse_matcher", "compliance_classic_vs_utf8")) {
            for (JsonObject one : expected.getJsonArray(table).getValuesAs(JsonObject.class)) {
                ran++;
                String wanted = wanted(one);
                String found = found(one.getString("input"));
                if (wanted.equals(found)) {
                    right++;
                }
            }
        }
        System.out.println("matchers: " + ran + ", right " + right);
        assertThat(right).isGreaterThanOrEqualTo(64);
    }

    private static String wanted(JsonObject one) {
        if (one.containsKey("error") && !one.isNull("error")) {
            return "refused";
        }
        JsonArray matchers = one.containsKey("matchers")
                ? one.getJsonArray("matchers")
                : Json.createArrayBuilder().add(one.getJsonObject("matcher")).build();
        StringBuilder out = new StringBuilder();
        for (JsonObject matcher : matchers.getValuesAs(JsonObject.class)) {
            out.append('[')
                    .append(matcher.getString("name"))
                    .append(matcher.getString("op"))
                    .append(matcher.getString("value"))
                    .append(']');
        }
        return out.toString();
    }

    private static String found(String input) {
        try {
            StringBuilder out = new StringBuilder();
            for (Matcher matcher : MatcherParser.parse(input)) {
                out.append('[')
                        .append(matcher.name())
                        .append(matcher.type().symbol())
                        .append(matcher.value())
                        .append(']');
            }
            return out.toString();
        } catch (IllegalArgumentException e) {
            return "refused";
        }
    }
}
