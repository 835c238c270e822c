package org.narthex.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Matcher;

/** Alertmanager's own cases of matchers as JSON and of label names, by way of the API. */
class AlertmanagerMatchersTest {
    private static final String SILENCE = """
            {"matchers": [%s], "startsAt": "2023-11-14T22:00:00Z", "endsAt": "2023-11-14T23:00:00Z", "createdBy": "ann", "comment": "x"}
            """;

    private final FakeAlertmanager alertmanager = new FakeAlertmanager();
    private final TestApi api;

    AlertmanagerMatchersTest() {
        LiveServices services = Fakes.services();
        services.setAlertmanager(alertmanager);
        api = TestApi.alertmanager(services);
    }

    private static List<JsonObject> cases(String table) throws IOException {
        String folder = System.getProperty("conformance.dir", "");
        assumeTrue(!folder.isEmpty(), "no -Dconformance.dir");
        try (JsonReader reader =
                Json.createReader(Files.newBufferedReader(Path.of(folder, "alertmanager/matchers.json")))) {
            return reader.readObject().getJsonArray(table).getValuesAs(JsonObject.class);
        }
    }

    private static JsonObject object(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private Matcher posted(String matcher) {
        TestApi.Answer answer =
                api.call("POST", "silences", SILENCE.formatted(matcher), "Content-Type", "application/json");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return alertmanager.silences.get("new").matchers().get(0);
    }

    @Test
    void readsMatchersAsAlertmanagerDoes() throws IOException {
        for (JsonObject one : cases("TestMatcherJSONUnmarshal")) {
            Matcher found = posted(one.getString("want"));
            assertThat(found.name() + found.type().symbol() + found.value())
                    .isEqualTo(one.getString("name") + one.getString("op") + one.getString("value"));
        }
    }

    @Test
    void writesMatchersAsAlertmanagerDoes() throws IOException {
        for (JsonObject one : cases("TestMatcherJSONMarshal")) {
            String wanted = one.getString("want");
            posted(wanted);
            // It is the only one.
            JsonObject silence = object("{\"all\": " + api.get("silences").text() + "}")
                    .getJsonArray("all")
                    .getJsonObject(0);
            assertThat(silence.getJsonArray("matchers").getJsonObject(0)).isEqualTo(object(wanted));
        }
    }

    @Test
    void takesLabelNamesThatAlertmanagerTakes() throws IOException {
        for (JsonObject one : cases("valid_utf8_label_name")) {
            String body = Json.createArrayBuilder()
                    .add(Json.createObjectBuilder()
                            .add("labels", Json.createObjectBuilder().add(one.getString("input"), "x")))
                    .build()
                    .toString();
            assertThat(api.call("POST", "alerts", body, "Content-Type", "application/json")
                            .status())
                    .as("%s", one)
                    .isEqualTo(one.getBoolean("valid") ? 200 : 400);
        }
    }
}
