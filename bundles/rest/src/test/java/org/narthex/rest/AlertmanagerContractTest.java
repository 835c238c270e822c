package org.narthex.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;

import org.junit.jupiter.api.Test;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Alertmanager.AlertState;
import org.narthex.api.alert.Silence;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** Answers to good and bad requests of each operation, held against Alertmanager's own contract. */
class AlertmanagerContractTest {
    private static final long NOW = TestApi.CLOCK.millis();
    private static final String ID = "11111111-2222-3333-4444-555555555555";
    private static final String OTHER_ID = "99999999-2222-3333-4444-555555555555";
    private static final String SILENCE = """
            {"matchers": [{"name": "a", "value": "%s", "isRegex": %s}], "startsAt": "2023-11-14T22:00:00Z",
             "endsAt": "%s", "createdBy": "ann", "comment": "x"%s}
            """;

    private final FakeAlertmanager alertmanager = new FakeAlertmanager();
    private final TestApi api;
    private final Set<String> checked = new LinkedHashSet<>();
    private OpenApi contract;

    AlertmanagerContractTest() {
        LiveServices services = Fakes.services();
        services.setAlertmanager(alertmanager);
        api = TestApi.alertmanager(services);
        Alert rich = new Alert(
                Labels.of("alertname", "A", "ü \"\\\n\u0001", "\uD83D\uDE00"),
                Labels.of("summary", "s"),
                NOW - 5_000,
                0,
                "http://x/graph?g0.expr=up+%3D%3D+0");
        Alert poor = new Alert(Labels.of("a", "b"), Labels.EMPTY, 0, 0, "");
        alertmanager.alerts.add(new AlertState(
                rich, NOW + 60_000, NOW, List.of("team", "other"), List.of(ID), List.of("00ff"), List.of("night")));
        alertmanager.alerts.add(
                new AlertState(poor, 253_402_300_799_999L, NOW, List.of("team"), List.of(), List.of(), List.of()));
        alertmanager.silences.put(
                ID,
                new Silence(
                        ID,
                        List.of(Matcher.equal("a", "b"), Matcher.of(Matcher.Type.NOT_REGEX, "c", "d|e")),
                        NOW - 100,
                        NOW - 50,
                        NOW,
                        "ann",
                        "x",
                        Labels.of("k", "v")));
        alertmanager.silences.put(
                OTHER_ID,
                new Silence(OTHER_ID, List.of(Matcher.equal("a", "c")), NOW, NOW + 50, NOW, "", "", Labels.EMPTY));
    }

    private void check(int status, String operation, String path, String body) {
        String method = operation.substring(0, operation.indexOf(' ')).toUpperCase(java.util.Locale.ROOT);
        TestApi.Answer answer =
                method.equals("GET") ? api.get(path) : api.call(method, path, body, "Content-Type", "application/json");
        assertThat(answer.status())
                .as("%s %s %s: %s", method, path, body, answer.text())
                .isEqualTo(status);
        JsonValue value = answer.text().isEmpty()
                ? JsonValue.NULL
                : JsonProvider.provider()
                        .createReader(new StringReader(answer.text()))
                        .readValue();
        contract.check(operation, status, value);
        checked.add(operation);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void answersAsTheContractSays() throws IOException {
        String folder = System.getProperty("conformance.dir", "");
        assumeTrue(!folder.isEmpty(), "no -Dconformance.dir");
        contract = new OpenApi(Path.of(folder, "alertmanager", "openapi.yaml"));
        check(200, "get /status", "status", "");
        check(200, "get /receivers", "receivers", "");
        check(200, "get /receivers", "receivers?receiver_matchers=" + encode("owner=\"ann\""), "");
        check(400, "get /receivers", "receivers?receiver_matchers=" + encode("owner!"), "");
        for (String list : List.of("alerts", "alerts/groups", "silences")) {
            String operation = "get /" + list;
            check(200, operation, list, "");
            check(200, operation, list + "?active=false&filter=" + encode("a=~\".*\""), "");
            check(200, operation, list + "?filter=" + encode("nosuch=\"x\""), "");
            check(400, operation, list + "?active=perhaps", "");
            check(400, operation, list + "?filter=" + encode("a!b"), "");
        }
        check(200, "get /alerts", "alerts?unprocessed=false", "");
        check(400, "get /alerts", "alerts?unprocessed=perhaps", "");
        check(400, "get /alerts", "alerts?receiver=" + encode("("), "");
        check(400, "get /alerts/groups", "alerts/groups?muted=2", "");
        checkPostedAlerts();
        checkSilences();
        assertThat(checked).as("nothing was left out").isEqualTo(contract.operations());
    }

    private void checkPostedAlerts() {
        String operation = "post /alerts";
        check(200, operation, "alerts", "[]");
        check(200, operation, "alerts", "[{\"labels\": {\"a\": \"b\"}, \"generatorURL\": \"http://x/\"}]");
        for (String bad : List.of(
                "",
                "{",
                "{}",
                "[1]",
                "[{}]",
                "[{\"labels\": []}]",
                "[{\"labels\": {\"a\": 1}}]",
                "[{\"labels\": {\"a\": \"b\"}, \"annotations\": \"x\"}]",
                "[{\"labels\": {\"a\": \"b\"}, \"startsAt\": \"yesterday\"}]",
                "[{\"labels\": {\"a\": \"b\"}, \"endsAt\": \"1700000000\"}]",
                "[{\"labels\": {\"a\": \"b\"}, \"generatorURL\": 7}]",
                "[{\"labels\": {\"a\": \"b\"}, \"startsAt\": \"2023-11-14T23:00:00Z\", \"endsAt\": \"2023-11-14T22:00:00Z\"}]")) {
            check(400, operation, "alerts", bad);
        }
    }

    private void checkSilences() {
        String end = "2023-11-14T23:00:00Z";
        check(200, "post /silences", "silences", SILENCE.formatted("b", false, end, ""));
        check(
                200,
                "post /silences",
                "silences",
                SILENCE.formatted("b", true, end, ", \"annotations\": {\"k\": \"v\"}"));
        check(404, "post /silences", "silences", SILENCE.formatted("b", true, end, ", \"id\": \"nosuch\""));
        for (String bad : List.of(
                "",
                "[]",
                "{}",
                SILENCE.formatted("(", true, end, ""),
                SILENCE.formatted("b", "\"yes\"", end, ""),
                SILENCE.formatted("b", true, "2023-11-14T21:00:00Z", ""),
                SILENCE.formatted("b", true, "soon", ""),
                SILENCE.formatted("b", true, end, ", \"annotations\": 1"))) {
            check(400, "post /silences", "silences", bad);
        }
        check(200, "get /silence/{silenceID}", "silence/" + ID, "");
        check(404, "get /silence/{silenceID}", "silence/00000000-2222-3333-4444-555555555555", "");
        check(404, "delete /silence/{silenceID}", "silence/00000000-2222-3333-4444-555555555555", "");
        check(500, "delete /silence/{silenceID}", "silence/" + ID, "");
        check(200, "delete /silence/{silenceID}", "silence/" + OTHER_ID, "");
    }
}
