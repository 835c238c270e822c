package org.narthex.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Alertmanager;
import org.narthex.api.alert.Silence;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.scrape.TextExposition;

class AlertmanagerApiTest {
    private static final long NOW = TestApi.CLOCK.millis();

    private final FakeAlertmanager alertmanager = new FakeAlertmanager();
    private final AlertmanagerApplication application;
    private final TestApi api;

    AlertmanagerApiTest() {
        LiveServices services = Fakes.services();
        services.setAlertmanager(alertmanager);
        application = TestApi.alertmanagerApplication(services);
        api = TestApi.alertmanager(application);
        alert("A", List.of("team", "other"), List.of(), List.of(), List.of());
        alert("B", List.of("team"), List.of("id1"), List.of(), List.of());
        alert("C", List.of("team"), List.of(), List.of("00ff"), List.of());
        alert("D", List.of("other"), List.of(), List.of(), List.of("night"));
    }

    private void alert(
            String name, List<String> receivers, List<String> silenced, List<String> inhibited, List<String> muted) {
        Alert alert = new Alert(
                Labels.of("alertname", name, "job", "x"), Labels.of("summary", "s"), NOW - 5_000, 0, "http://x/graph");
        alertmanager.alerts.add(
                new Alertmanager.AlertState(alert, NOW + 60_000, NOW - 1_000, receivers, silenced, inhibited, muted));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private List<String> names(String query) {
        TestApi.Answer answer = api.get("alerts" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return Json.parse(answer.text()).asJsonArray().getValuesAs(JsonObject.class).stream()
                .map(alert -> alert.getJsonObject("labels").getString("alertname"))
                .sorted()
                .toList();
    }

    @Test
    void showsAlertsAsTheContractSays() {
        String text = api.get("alerts?filter=" + encode("alertname=\"B\"")).text();
        assertThat(Json.parse(text)).isEqualTo(Json.parse("""
                [{"annotations": {"summary": "s"},
                  "endsAt": "2023-11-14T22:14:20.500Z",
                  "fingerprint": "%s",
                  "receivers": [{"name": "team"}],
                  "startsAt": "2023-11-14T22:13:15.500Z",
                  "status": {"inhibitedBy": [], "mutedBy": [], "silencedBy": ["id1"], "state": "suppressed"},
                  "updatedAt": "2023-11-14T22:13:19.500Z",
                  "generatorURL": "http://x/graph",
                  "labels": {"alertname": "B", "job": "x"}}]
                """.formatted(
                        alertmanager.alerts.get(1).alert().fingerprint())));
    }

    @Test
    void filtersAlerts() {
        assertThat(names("")).containsExactly("A", "B", "C", "D");
        assertThat(names("?active=false")).containsExactly("B", "C", "D");
        assertThat(names("?silenced=false")).containsExactly("A", "C", "D");
        assertThat(names("?inhibited=false&silenced=false")).containsExactly("A", "D");
        assertThat(names("?receiver=oth.*")).containsExactly("A", "D");
        assertThat(names("?receiver=oth")).isEmpty();
        assertThat(names("?receiver_matchers=" + encode("owner=ann"))).containsExactly("A", "B", "C");
        assertThat(names("?filter=" + encode("alertname=~\"A|B\"") + "&filter=" + encode("alertname!=A")))
                .containsExactly("B");
    }

    @Test
    void leavesOutWhatIsResolved() {
        Alert over = new Alert(Labels.of("alertname", "E"), Labels.EMPTY, NOW - 5_000, NOW - 1, "");
        alertmanager.alerts.add(
                new Alertmanager.AlertState(over, NOW - 1, NOW - 1, List.of("team"), List.of(), List.of(), List.of()));
        assertThat(names("")).doesNotContain("E");
    }

    @Test
    void saysWhatIsWrongByAStringAlone() {
        TestApi.Answer answer = api.get("alerts?filter=" + encode("a!b"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).isEqualTo("\"bad matcher format: a!b\"");
        assertThat(api.get("alerts?receiver=" + encode("(")).status()).isEqualTo(400);
        assertThat(api.get("alerts?active=perhaps").status()).isEqualTo(400);
        assertThat(api.get("nosuch").status()).isEqualTo(404);
        alertmanager.on = false;
        assertThat(api.get("alerts").status()).isEqualTo(404);
        assertThat(api.get("alerts").text()).contains("--alertmanager.config.file");
    }

    @Test
    void showsGroupsInOrder() {
        JsonArray groups =
                Json.parse(api.get("alerts/groups?muted=false").text()).asJsonArray();
        assertThat(groups.getValuesAs(JsonObject.class))
                .extracting(group -> group.getJsonObject("receiver").getString("name") + " " + group.get("labels") + " "
                        + group.get("routeLabels") + " "
                        + group.getJsonArray("alerts").size())
                .containsExactly("other {\"a\":\"1\"} {} 1", "team {\"a\":\"2\"} {\"pager\":\"1\"} 3");
    }

    @Test
    void takesAlerts() {
        TestApi.Answer answer = api.call("POST", "alerts", """
                [{"labels": {"alertname": "N", "empty": ""}, "annotations": {"a": "b"}, "startsAt": "2023-11-14T22:13:15.5Z",
                  "endsAt": "2023-11-14T22:17:15.123456789Z", "generatorURL": "http://p/"},
                 {"labels": {"alertname": "M"}}]
                """, "Content-Type", "application/json");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(alertmanager.posted)
                .containsExactly(
                        new Alertmanager.PostedAlert(
                                Labels.of("alertname", "N"),
                                Labels.of("a", "b"),
                                NOW - 5_000,
                                NOW + 234_623,
                                "http://p/"),
                        new Alertmanager.PostedAlert(Labels.of("alertname", "M"), Labels.EMPTY, 0, 0, ""));
    }

    @Test
    void keepsValidAlertsBesideWrongOnes() {
        TestApi.Answer answer = api.call(
                "POST",
                "alerts",
                "[{\"labels\": {}}, {\"labels\": {\"a\": \"b\"}}, {\"labels\": {\"a\": 1}}]",
                "Content-Type",
                "application/json");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).isEqualTo("\"at least one label pair required; labels.a must be a string\"");
        assertThat(alertmanager.posted)
                .extracting(Alertmanager.PostedAlert::labels)
                .containsExactly(Labels.of("a", "b"));
        assertThat(api.call("POST", "alerts", "{", "Content-Type", "application/json")
                        .status())
                .isEqualTo(400);
        assertThat(api.call("POST", "alerts", "{}", "Content-Type", "application/json")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void countsAlertsThatAreNotValid() throws IOException {
        api.call(
                "POST",
                "alerts",
                "[{\"labels\": {}}, {}, {\"labels\": {\"a\": \"b\"}}]",
                "Content-Type",
                "application/json");
        assertThat(metrics())
                .contains("alertmanager_alerts_invalid_total{version=\"v2\"} 2\n")
                .contains("alertmanager_build_info{branch=\"\",goversion=\"java" + Runtime.version())
                .contains("version=\"1.2.3\"} 1\n");
        alertmanager.on = false;
        assertThat(metrics()).isEmpty();
    }

    private String metrics() throws IOException {
        TextExposition text = new TextExposition();
        application.collect(text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void makesAndShowsSilences() {
        TestApi.Answer made = api.call("POST", "silences", """
                {"matchers": [{"name": "a", "value": "b.*", "isRegex": true, "isEqual": false}, {"name": "c", "value": "d", "isRegex": false}],
                 "startsAt": "2023-11-14T22:00:00Z", "endsAt": "2023-11-14T23:00:00+00:00", "createdBy": "ann", "comment": "x"}
                """, "Content-Type", "application/json");
        assertThat(made.text()).isEqualTo("{\"silenceID\":\"new\"}");
        Silence draft = alertmanager.silences.get("new");
        assertThat(draft.matchers())
                .containsExactly(Matcher.of(Matcher.Type.NOT_REGEX, "a", "b.*"), Matcher.equal("c", "d"));
        String id = "11111111-2222-3333-4444-555555555555";
        alertmanager.silences.put(id, draft);
        assertThat(Json.parse(api.get("silence/" + id).text())).isEqualTo(Json.parse("""
                {"id": "", "status": {"state": "active"}, "updatedAt": "1970-01-01T00:00:00.000Z", "comment": "x",
                 "createdBy": "ann", "startsAt": "2023-11-14T22:00:00.000Z", "endsAt": "2023-11-14T23:00:00.000Z",
                 "annotations": {},
                 "matchers": [{"isEqual": false, "isRegex": true, "name": "a", "value": "b.*"},
                              {"isEqual": true, "isRegex": false, "name": "c", "value": "d"}]}
                """));
        assertThat(api.get("silence/00000000-2222-3333-4444-555555555555").status())
                .isEqualTo(404);
        TestApi.Answer refused = api.get("silence/nosuch");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text())
                .isEqualTo("{\"code\":601,\"message\":\"silenceID in path must be of type uuid: \\\"nosuch\\\"\"}");
    }

    private void silence(String id, long startsAtMs, long endsAtMs) {
        alertmanager.silences.put(
                id,
                new Silence(id, List.of(Matcher.equal("id", id)), startsAtMs, endsAtMs, NOW, "ann", "x", Labels.EMPTY));
    }

    private List<String> ids(String query) {
        return Json.parse(api.get("silences" + query).text()).asJsonArray().getValuesAs(JsonObject.class).stream()
                .map(silence -> silence.getString("id"))
                .toList();
    }

    @Test
    void ordersAndFiltersSilences() {
        silence("over1", NOW - 100, NOW - 50);
        silence("over2", NOW - 100, NOW - 10);
        silence("next2", NOW + 50, NOW + 60);
        silence("next1", NOW + 20, NOW + 90);
        silence("now2", NOW - 10, NOW + 90);
        silence("now1", NOW - 20, NOW + 30);
        assertThat(ids("")).containsExactly("now1", "now2", "next1", "next2", "over2", "over1");
        assertThat(ids("?expired=false&pending=false")).containsExactly("now1", "now2");
        assertThat(ids("?active=false&filter=" + encode("id=~\".*2\""))).containsExactly("next2", "over2");
    }

    @Test
    void saysWhySilencesAreRefused() {
        String form = "{\"id\": \"%s\", \"matchers\": [{\"name\": \"a\", \"value\": \"(\", \"isRegex\": %s}],"
                + " \"startsAt\": \"2023-11-14T23:00:00Z\", \"endsAt\": \"2023-11-14T22:00:00Z\", \"createdBy\": \"a\", \"comment\": \"\"}";
        TestApi.Answer wrongTimes =
                api.call("POST", "silences", form.formatted("", "false"), "Content-Type", "application/json");
        assertThat(wrongTimes.status()).isEqualTo(400);
        assertThat(wrongTimes.text()).isEqualTo("\"Failed to create silence: start time must be before end time\"");
        assertThat(api.call("POST", "silences", form.formatted("nosuch", "false"), "Content-Type", "application/json")
                        .status())
                .isEqualTo(404);
        assertThat(api.call("POST", "silences", form.formatted("", "true"), "Content-Type", "application/json")
                        .status())
                .isEqualTo(400);
        TestApi.Answer empty = api.call("POST", "silences", "{}", "Content-Type", "application/json");
        assertThat(empty.text()).isEqualTo("\"matchers in body is required\"");
        assertThat(api.call("DELETE", "silence/nosuch", "").status()).isEqualTo(422);
        String over = "11111111-2222-3333-4444-555555555555";
        assertThat(api.call("DELETE", "silence/" + over, "").status()).isEqualTo(404);
        silence(over, NOW - 100, NOW - 50);
        assertThat(api.call("DELETE", "silence/" + over, "").status()).isEqualTo(500);
    }

    @Test
    void showsStatusAndReceivers() {
        JsonObject status = Json.parse(api.get("status").text()).asJsonObject();
        assertThat(status.getJsonObject("cluster").toString()).isEqualTo("{\"status\":\"disabled\",\"peers\":[]}");
        assertThat(status.getJsonObject("config").getString("original")).isEqualTo("route:\n  receiver: team\n");
        assertThat(status.getString("uptime")).isEqualTo("2023-11-14T22:12:20.500Z");
        assertThat(status.getJsonObject("versionInfo").getString("version")).isEqualTo("1.2.3");
        assertThat(api.get("receivers").text())
                .isEqualTo("[{\"name\":\"other\",\"labels\":{\"name\":\"other\"}},"
                        + "{\"name\":\"team\",\"labels\":{\"name\":\"team\",\"owner\":\"ann\"}}]");
        assertThat(api.get("receivers?receiver_matchers=" + encode("owner=\"ann\""))
                        .text())
                .isEqualTo("[{\"name\":\"team\",\"labels\":{\"name\":\"team\",\"owner\":\"ann\"}}]");
    }
}
