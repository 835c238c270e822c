package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;

/** Alertmanager's own cases. */
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

    private String load(String yaml, boolean classicNames) {
        try {
            Path file = folder.resolve("config/testdata/alertmanager.yml");
            new AlertmanagerReader(file, new Diagnostics(), classicNames).read(Texts.node(yaml));
            return "";
        } catch (ConfigException e) {
            return e.getMessage();
        }
    }

    private static String check(String type, String yaml) {
        try {
            new ReceiverSections(Path.of("/"), new Diagnostics()).check(type, Section.of(Texts.node(yaml)));
            return "";
        } catch (ConfigException e) {
            return e.getMessage();
        }
    }

    /** Empty if what was found, an error or nothing, is what was wanted; errors of Go's YAML reader are worded otherwise here. */
    private static String difference(String wanted, String found) {
        boolean ok = wanted.isEmpty()
                ? found.isEmpty()
                : found.contains(wanted) || (!found.isEmpty() && wanted.startsWith("yaml:"));
        return ok ? "" : "wanted [" + wanted + "] found [" + found + "]";
    }

    private static String text(JsonObject object, String key) {
        return !object.containsKey(key) || object.isNull(key) ? "" : object.getString(key);
    }

    @Test
    void readsConfigurationFiles() throws IOException {
        List<JsonObject> cases = json(folder.resolve("config/expected.json"))
                .getJsonArray("files")
                .getValuesAs(JsonObject.class);
        assertThat(cases).hasSizeGreaterThanOrEqualTo(52);
        for (JsonObject one : cases) {
            String found = load(Files.readString(folder.resolve("config/testdata/" + one.getString("file"))), false);
            assertThat(difference(text(one, "error"), found))
                    .as(one.getString("file"))
                    .isEmpty();
        }
    }

    /** The cases of label names were recorded with the rules of once, which Alertmanager's default does not have any more. */
    @Test
    void readsConfigurationsInPlace() throws IOException {
        List<String> failed = new ArrayList<>();
        for (JsonObject one : json(folder.resolve("config/expected.json"))
                .getJsonArray("inline")
                .getValuesAs(JsonObject.class)) {
            String what = one.getString("what");
            String input = one.getString("input");
            String found;
            if (what.equals("whole configuration")) {
                found = load(input, true);
            } else {
                String type = what.substring(what.lastIndexOf(' ') + 1)
                        .replace("Config", "")
                        .toLowerCase(Locale.ROOT);
                found = check(type, input);
            }
            String wanted = text(one, "error").replace("no routes provided", "no route provided");
            String difference = difference(wanted, found);
            if (!difference.isEmpty()) {
                failed.add(one.getString("source") + ": " + difference);
            }
        }
        assertThat(failed).isEmpty();
    }

    @Test
    void checksReceiverSections() throws IOException {
        JsonObject tables = json(folder.resolve("config/expected.json")).getJsonObject("tables");
        List<String> failed = new ArrayList<>();
        int ran = 0;
        for (String name : tables.keySet()) {
            Optional<String> type = Stream.of(
                            "slack", "webex", "email", "opsgenie", "sns", "telegram", "pagerduty", "mattermost")
                    .filter(each -> name.toLowerCase(Locale.ROOT).contains(each))
                    .findFirst();
            if (type.isEmpty()) {
                continue;
            }
            for (JsonObject one : tables.getJsonArray(name).getValuesAs(JsonObject.class)) {
                ran++;
                boolean isField = name.contains("MattermostField");
                String in = one.getString("in");
                String found = isField ? checkField(in) : check(type.get(), in);
                boolean mustFail = one.getBoolean("err", false);
                boolean hasText =
                        one.containsKey("expected") && one.get("expected").getValueType() == JsonValue.ValueType.STRING;
                String wanted = hasText ? one.getString("expected") : text(one, "expectedErr");
                boolean right =
                        mustFail ? !found.isEmpty() : difference(wanted, found).isEmpty();
                if (!right) {
                    failed.add(name + " " + in + ": " + found);
                }
            }
        }
        assertThat(ran).isGreaterThan(50);
        assertThat(failed).isEmpty();
    }

    private static String checkField(String yaml) {
        try {
            ReceiverSections.field(Section.of(Texts.node(yaml)), "Mattermost");
            return "";
        } catch (ConfigException e) {
            return e.getMessage();
        }
    }

    @Test
    void checksUrlsAndAddresses() throws IOException {
        JsonObject tables = json(folder.resolve("config/expected.json")).getJsonObject("tables");
        for (JsonObject one :
                tables.getJsonArray("config/config_test.go:TestSecretTemplURL").getValuesAs(JsonObject.class)) {
            // The key must be given, which is another matter.
            String input = one.getString("input").equals("\"\"") ? "\"<secret>\"" : one.getString("input");
            String found = check("webhook", "url: " + input);
            assertThat(difference(text(one, "errorMsg"), found)).as("%s", one).isEmpty();
        }
        for (JsonObject one : tables.getJsonArray("config/config_test.go:TestUnmarshalHostPort")
                .getValuesAs(JsonObject.class)) {
            String found = check("email", "to: x\nsmarthost: " + one.getString("in"));
            assertThat(found.isEmpty()).as("%s", one).isEqualTo(!one.getBoolean("err", false));
        }
        for (JsonObject one : tables.getJsonArray("config/config_test.go:TestRootRouteHasNoMatcher")
                .getValuesAs(JsonObject.class)) {
            assertThat(load(one.getString("in"), false)).contains("root route must not have any matchers");
        }
    }

    @Test
    void readsTheFilesOfTheCommandLineTool() throws IOException {
        for (String name : List.of("conf.good", "conf.routing", "conf.routing-reverted")) {
            assertThat(load(Files.readString(folder.resolve("cli/testdata/" + name + ".yml")), false))
                    .as(name)
                    .isEmpty();
        }
        assertThat(load(Files.readString(folder.resolve("cli/testdata/conf.bad.yml")), false))
                .isNotEmpty();
    }

    @Test
    void readsTheHttpClientsOfTheCommandLineToolAsThoseOfReceivers() throws IOException {
        for (String name : List.of("good", "basic_auth.good", "bad")) {
            String client = Files.readString(folder.resolve("cli-config/testdata/http_config." + name + ".yml"));
            String found = check("webhook", "url: http://h\nhttp_config:\n" + client.indent(2));
            if (name.equals("bad")) {
                assertThat(found).contains("authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
            } else {
                assertThat(found).as(name).isEmpty();
            }
        }
    }

    @Test
    void masksSecretsOfTheWholeFile() throws Exception {
        Path file = folder.resolve("config/testdata/conf.good.yml");
        String shown = new AlertmanagerReader(file, new Diagnostics())
                .read(Texts.node(Files.readString(file)))
                .yaml();
        assertThat(shown).doesNotContain("mysecret");
        assertThat(shown).contains("<secret>");
        assertThat(load(shown, false)).isEmpty();
    }
}
