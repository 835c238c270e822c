package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;
import static org.narthex.itests.RunningNarthex.encode;

import java.io.StringReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * SIGKILL before, during and after the wait of a group, a send, a retry, the write of a silence and an acknowledgement. All at one kill: each of these
 * is the state of an alert of its own. No page is lost. A page comes twice only if the process ended before it knew, on disk, that the pager had it.
 */
public class KillMatrixIT {
    /** As many as one section of a receiver is told at once. */
    private static final List<String> SENDING = List.of("Sending1", "Sending2", "Sending3", "Sending4");

    /** Whose page the pager must have taken once, whatever they were about at the kill. */
    private static final String[] ONCE = {
        "Waiting",
        "WaitingSince",
        "WaitingDone",
        "Paged",
        "SendingNext",
        "RetryWaits",
        "RetryUnderWay",
        "RetryDone",
        "SilencedNever"
    };

    private static final String CONFIG = """
            route:
              receiver: pager
              group_by: [alertname]
              group_wait: 0s
              group_interval: 200ms
              repeat_interval: 1h
              routes:
              - matchers: ['alertname=~"Waiting.*|Silenced.*"']
                group_wait: 5s
              - matchers: ['alertname=~"Sending.*"']
                receiver: busy pager
              - matchers: ['alertname=~"Repeated.*"']
                repeat_interval: 200ms
            receivers:
            - name: pager
              webhook_configs: [{url: '%1$s'}]
            - name: busy pager
              webhook_configs: [{url: '%1$s'}]
            """;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final HttpClient http = HttpClient.newHttpClient();
    private Pager pager;
    private RunningNarthex narthex;

    @Before
    public void start() throws Exception {
        pager = new Pager();
        narthex = new RunningNarthex(folder.newFolder().toPath());
        Path config = narthex.home().resolve("conf/alertmanager.yml");
        Files.writeString(config, CONFIG.formatted(pager.url()));
        narthex.flag("--alertmanager.config.file=" + config).start();
    }

    @After
    public void stop() throws Exception {
        narthex.close();
        pager.close();
    }

    private void raise(String... names) throws Exception {
        List<String> alerts = new ArrayList<>();
        for (String name : names) {
            alerts.add("{\"labels\": {\"alertname\": \"" + name + "\"}}");
        }
        assertThat(narthex.postJson("/api/v2/alerts", alerts.toString()).statusCode())
                .isEqualTo(200);
    }

    private static String silenceOf(String name) {
        Instant now = Instant.now();
        return """
                {"matchers": [{"name": "alertname", "value": "%s", "isRegex": false}], "createdBy": "ann", "comment": "",
                 "startsAt": "%s", "endsAt": "%s"}""".formatted(name, now, now.plus(Duration.ofHours(1)));
    }

    private static String acknowledgementOf(String name) {
        return "/api/v1/alertdesk/acknowledge?by=ann&duration=1h&filter=" + encode("alertname=\"" + name + "\"");
    }

    /** Sends without waiting for what is answered. */
    private void launch(String path, String body) {
        CompletableFuture<HttpResponse<Void>> unused = http.sendAsync(
                HttpRequest.newBuilder(narthex.uri(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }

    /** Whether the history has something of the kind about the group of the alert. An answer means that it is on disk. */
    private boolean isNoted(String kind, String name) throws Exception {
        String filter = encode("alertname=\"" + name + "\"");
        return narthex.get("/api/v1/alertdesk/history?limit=10000&filter=" + filter)
                .body()
                .contains("\"kind\":\"" + kind + "\"");
    }

    private void awaitNote(String kind, String name) throws Exception {
        await(kind + " of " + name + " noted", 30, () -> isNoted(kind, name));
    }

    private void awaitCame(String name, int pages) throws Exception {
        await(pages + " pages of " + name, 30, () -> pager.came(name) >= pages);
    }

    @Test
    public void noPageIsLostAndNoneIsToldTwiceWithoutNeed() throws Exception {
        bringAboutAllStates();
        narthex.kill();
        int pagedBeforeSilence = pager.came("SilencedAtTheKill");
        pager.takeAll();
        narthex.start();

        onceEach(ONCE);
        for (String name : SENDING) {
            onceEach(name);
            assertThat(pager.came(name)).as("cut off, then taken").isEqualTo(2);
        }
        // The one case in which the pager may have answered and be told again: at most 25 ms, in which nobody noted its
        // answer on disk.
        await("page at the kill", 30, () -> pager.acknowledged("AtTheKill") >= 1);
        theSilencesHold(pagedBeforeSilence);
        theAcknowledgementsHold();
        assertThat(pager.acknowledged("AtTheKill")).isBetween(1, 2);
        onceEach(ONCE);
        assertThat(pager.came("Paged")).as("noted before the kill").isEqualTo(1);
        assertThat(pager.came("WaitingDone")).as("noted before the kill").isEqualTo(1);
    }

    private void bringAboutAllStates() throws Exception {
        raise("WaitingDone", "Paged", "RepeatedAcknowledged", "RepeatedAtTheKill", "RepeatedNever");
        // The second and third attempts come after one and two seconds: time for the rest.
        pager.refuse("RetryDone");
        pager.refuse("RetryUnderWay");
        raise("RetryDone", "RetryUnderWay");
        awaitCame("RetryDone", 1);
        awaitCame("RetryUnderWay", 1);
        pager.hold("RetryUnderWay");
        pager.take("RetryDone");
        SENDING.forEach(pager::hold);
        raise(SENDING.toArray(String[]::new));
        for (String name : SENDING) {
            awaitCame(name, 1);
        }
        raise("SendingNext");
        awaitNote("notification", "SendingNext");
        for (String name : List.of("Paged", "WaitingDone", "RetryDone")) {
            awaitNote("delivered", name);
        }
        await("a retry under way", 30, () -> pager.isHolding("RetryUnderWay"));

        raise("SilencedNever", "SilencedAtTheKill", "SilencedBefore", "WaitingSince");
        assertThat(narthex.postJson("/api/v2/silences", silenceOf("SilencedBefore"))
                        .statusCode())
                .isEqualTo(200);
        awaitCame("RepeatedAcknowledged", 2);
        assertThat(narthex.post(acknowledgementOf("RepeatedAcknowledged")).statusCode())
                .isEqualTo(200);
        awaitCame("RepeatedAtTheKill", 2);
        pager.refuse("RetryWaits");
        raise("RetryWaits");
        awaitNote("failed", "RetryWaits");
        raise("AtTheKill", "Waiting");
        launch("/api/v2/silences", silenceOf("SilencedAtTheKill"));
        launch(acknowledgementOf("RepeatedAtTheKill"), "");
        awaitCame("AtTheKill", 1);
    }

    private void onceEach(String... names) throws Exception {
        for (String name : names) {
            await("page of " + name, 30, () -> pager.acknowledged(name) >= 1);
            assertThat(pager.acknowledged(name)).as(name).isEqualTo(1);
        }
    }

    private List<JsonObject> silences() throws Exception {
        try (JsonReader reader = Json.createReader(
                new StringReader(narthex.get("/api/v2/silences").body()))) {
            return reader.readArray().getValuesAs(JsonObject.class);
        }
    }

    /** Groups of silenced alerts have waited as long as those of others that were told by now. */
    private void theSilencesHold(int pagedBeforeSilence) throws Exception {
        List<String> silenced = new ArrayList<>();
        for (JsonObject silence : silences()) {
            assertThat(silence.getJsonObject("status").getString("state")).isEqualTo("active");
            String name = silence.getJsonArray("matchers").getJsonObject(0).getString("value");
            int before = name.equals("SilencedAtTheKill") ? pagedBeforeSilence : 0;
            assertThat(pager.came(name)).as("pages of " + name).isEqualTo(before);
            silenced.add(name);
            HttpResponse<Void> answer = http.send(
                    HttpRequest.newBuilder(narthex.uri("/api/v2/silence/" + silence.getString("id")))
                            .DELETE()
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        assertThat(silenced).contains("SilencedBefore").doesNotContain("SilencedNever");
        // With or without its silence, whose answer nobody got.
        onceEach("SilencedBefore", "SilencedAtTheKill");
    }

    /** Who is acknowledged stays silent while another is told again and again. */
    private void theAcknowledgementsHold() throws Exception {
        String held = narthex.get("/api/v1/alertdesk/acknowledgements").body();
        assertThat(held).contains("RepeatedAcknowledged").doesNotContain("RepeatedNever");
        // What was under way at the kill has come by then.
        awaitCame("RepeatedNever", pager.came("RepeatedNever") + 3);
        int acknowledged = pager.came("RepeatedAcknowledged");
        int atTheKill = pager.came("RepeatedAtTheKill");
        awaitCame("RepeatedNever", pager.came("RepeatedNever") + 4);
        assertThat(pager.came("RepeatedAcknowledged")).isEqualTo(acknowledged);
        if (held.contains("RepeatedAtTheKill")) {
            assertThat(pager.came("RepeatedAtTheKill")).isEqualTo(atTheKill);
        } else {
            awaitCame("RepeatedAtTheKill", atTheKill + 2);
        }
    }
}
