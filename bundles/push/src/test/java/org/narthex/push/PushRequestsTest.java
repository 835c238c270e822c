package org.narthex.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.zip.GZIPOutputStream;

import jakarta.json.Json;
import jakarta.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.scrape.TextExposition;
import org.narthex.scrape.ExpositionPages;
import org.narthex.testkit.DamagedInput;

class PushRequestsTest {
    @TempDir
    Path folder;

    private long nowMs = 1_700_000_000_000L;
    private final Map<String, String> flags = new HashMap<>();
    private final RequestCounters counters = new RequestCounters();
    private PushGateway gateway;
    private PushRequests requests;

    private void start() {
        Flags given = new Flags(flags::get);
        gateway = new PushGateway(
                new GroupFile(folder.resolve("x/push.groups")),
                given.durationMs(Flag.PUSH_GROUP_TTL),
                () -> Instant.ofEpochMilli(nowMs),
                new ScheduledThreadPoolExecutor(1));
        requests = new PushRequests(
                gateway, ExpositionPages::new, counters, given, Map.of("version", "1"), Instant.ofEpochMilli(nowMs));
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
    }

    private PushRequests.Answer send(String method, String target, String type, String encoding, byte[] body)
            throws IOException {
        if (requests == null) {
            start();
        }
        int mark = target.indexOf('?');
        return requests.answer(new PushRequest(
                method,
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? "" : target.substring(mark + 1),
                type,
                encoding,
                new ByteArrayInputStream(body)));
    }

    private PushRequests.Answer send(String method, String target, String body) throws IOException {
        return send(method, target, "application/x-www-form-urlencoded", "", body.getBytes(StandardCharsets.UTF_8));
    }

    private void push(String method, String target, String body) throws IOException {
        PushRequests.Answer answer = send(method, target, body);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.status()).isEqualTo(200);
    }

    /** The page without what is said about push times. */
    private String page() throws IOException {
        StringBuilder kept = new StringBuilder();
        for (String line : send("GET", "/metrics", "").body().split("\n", -1)) {
            if (!line.contains("push_") && !line.isEmpty()) {
                kept.append(line).append('\n');
            }
        }
        return kept.toString();
    }

    @Test
    void aPostReplacesFamiliesOfTheSameNameAndAPutTheGroup() throws Exception {
        push("POST", "/metrics/job/backup", "# HELP a A.\n# TYPE a counter\na{x=\"1\"} 1\na{x=\"2\"} 2\nb 3\n");
        push("POST", "/metrics/job/backup", "# TYPE a counter\na{x=\"3\"} 4\n");
        assertThat(page()).isEqualTo("""
                # TYPE a counter
                a{job="backup",x="3",instance=""} 4
                # TYPE b untyped
                b{job="backup",instance=""} 3
                """);
        push("PUT", "/metrics/job/backup", "c 5\n");
        assertThat(page()).isEqualTo("# TYPE c untyped\nc{job=\"backup\",instance=\"\"} 5\n");
    }

    @Test
    void groupsAreToldApartByAllTheirLabels() throws Exception {
        push("PUT", "/metrics/job/backup/instance/db1", "a 1\n");
        push("PUT", "/metrics/job/backup/instance/db2", "a{job=\"mine\"} 2\n");
        assertThat(page()).isEqualTo("""
                # TYPE a untyped
                a{instance="db1",job="backup"} 1
                a{instance="db2",job="backup"} 2
                """);
        assertThat(send("DELETE", "/metrics/job/backup/instance/db1", "").status())
                .isEqualTo(202);
        assertThat(page()).doesNotContain("db1").contains("db2");
        assertThat(send("DELETE", "/metrics/job/never", "").status()).isEqualTo(202);
    }

    @Test
    void tellsWhenAGroupWasPushed() throws Exception {
        push("PUT", "/metrics/job/backup", "");
        assertThat(send("GET", "/metrics", "").body()).isEqualTo("""
                # HELP push_failure_time_seconds Last Unix time when changing this group in the Pushgateway failed.
                # TYPE push_failure_time_seconds gauge
                push_failure_time_seconds{job="backup",instance=""} 0
                # HELP push_time_seconds Last Unix time when changing this group in the Pushgateway succeeded.
                # TYPE push_time_seconds gauge
                push_time_seconds{job="backup",instance=""} 1.7e+09
                """);
    }

    private void refuses(String target, String body, String reason) throws IOException {
        PushRequests.Answer answer = send("POST", target, body);
        assertThat(answer.body()).contains(reason);
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void refusesWhatCannotStandOnOnePage() throws Exception {
        push(
                "PUT",
                "/metrics/job/a",
                "# TYPE x counter\nx 1\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n");
        String inconsistent = "pushed metrics are invalid or inconsistent with existing metrics: ";
        refuses("/metrics/job/b", "x 1 1700000000000\n", inconsistent + "pushed metrics must not have timestamps");
        refuses("/metrics/job/b", "# TYPE x gauge\nx 1\n", inconsistent + "metric family x is a gauge, but in another");
        refuses("/metrics/job/b", "y 1\ny 2\n", inconsistent + "collected metric y{job=\"b\"} was collected before");
        refuses("/metrics/job/b", "h_count 1\n", inconsistent + "metric family h_count has the name of a part");
        refuses("/metrics/job/b", "y{__a=\"1\"} 2\n", "reserved label name \"__a\"");
        refuses("/metrics/job/b", "y 1 2 3 4\n", "expected");
        // The group's own type may change when nothing of the old one is left.
        push("PUT", "/metrics/job/a", "# TYPE x gauge\nx 1\n");
    }

    @Test
    void refusesASeriesThatAnotherGroupHas() throws Exception {
        push("PUT", "/metrics/job/a", "x{instance=\"1\"} 1\n");
        refuses("/metrics/job/a/instance/1", "x 2\n", "was collected before with the same name and label values");
        push("PUT", "/metrics/job/a/instance/2", "x 2\n");
    }

    @Test
    void aRefusedPushChangesNothingButItsTime() throws Exception {
        push("PUT", "/metrics/job/a", "x 1\n");
        nowMs += 60_000;
        refuses("/metrics/job/a", "x 2\nx 3\n", "was collected before");
        assertThat(page()).contains("x{job=\"a\",instance=\"\"} 1\n");
        assertThat(send("GET", "/metrics", "").body())
                .contains("push_failure_time_seconds{job=\"a\",instance=\"\"} 1.70000006e+09\n")
                .contains("push_time_seconds{job=\"a\",instance=\"\"} 1.7e+09\n");
    }

    @Test
    void takesOtherFormatsAndGzip() throws Exception {
        send(
                "PUT",
                "/metrics/job/a",
                "application/openmetrics-text; version=1.0.0",
                "",
                "# TYPE c counter\n# HELP c C.\nc_total 5\nc_created 1\n# EOF\n".getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("g 7\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(send("PUT", "/metrics/job/b", "text/plain", "gzip", packed.toByteArray())
                        .status())
                .isEqualTo(200);
        // MetricFamily{name: "p", type: GAUGE, metric: {gauge: {value: 1}}}
        byte[] message = {18, 10, 1, 'p', 24, 1, 34, 11, 18, 9, 9, 0, 0, 0, 0, 0, 0, (byte) 0xf0, 0x3f};
        message[0] = (byte) (message.length - 1);
        assertThat(send(
                                "PUT",
                                "/metrics/job/c",
                                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
                                "",
                                message)
                        .status())
                .isEqualTo(200);
        assertThat(page()).isEqualTo("""
                # HELP c_total C.
                # TYPE c_total counter
                c_total{job="a",instance=""} 5
                # TYPE g untyped
                g{job="b",instance=""} 7
                # TYPE p gauge
                p{job="c",instance=""} 1
                """);
        assertThat(send("PUT", "/metrics/job/b", "text/plain", "snappy", new byte[0])
                        .status())
                .isEqualTo(415);
        assertThat(send("PUT", "/metrics/job/b", "text/plain", "gzip", new byte[] {1, 2})
                        .status())
                .isEqualTo(400);
    }

    @Test
    void groupsGoWhenTheirTimeToLiveIsOver() throws Exception {
        flags.put(Flag.PUSH_GROUP_TTL.property(), "10m");
        push("PUT", "/metrics/job/usual", "a 1\n");
        push("PUT", "/metrics/job/short?ttl=1m", "a 2\n");
        nowMs += 60_000;
        assertThat(page()).contains("usual").doesNotContain("short");
        nowMs += 539_000;
        push("POST", "/metrics/job/usual", "");
        nowMs += 599_000;
        assertThat(page()).contains("usual");
        nowMs += 1_000;
        assertThat(page()).isEmpty();
        assertThat(send("PUT", "/metrics/job/short?ttl=1x", "a 2\n").status()).isEqualTo(400);
    }

    @Test
    void groupsAreThereAfterARestart() throws Exception {
        String pushed = """
                # HELP s A summary,\\nof two lines.
                # TYPE s summary
                s{quantile="0.5"} NaN
                s_sum 1e+100
                s_count 3
                """;
        push("PUT", "/metrics/job/Προμηθεύς", pushed);
        String before = send("GET", "/metrics", "").body();
        gateway.close();
        assertThat(send("PUT", "/metrics/job/a", "a 1\n").status()).isEqualTo(503);
        start();
        assertThat(send("GET", "/metrics", "").body()).isEqualTo(before);
        // A restart without changes keeps the file too.
        gateway.close();
        start();
        assertThat(send("GET", "/metrics", "").body()).isEqualTo(before);
    }

    @Test
    void aDamagedFileIsMovedAside() throws Exception {
        push("PUT", "/metrics/job/a", "a 1\n");
        gateway.close();
        Path file = folder.resolve("x/push.groups");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2]++;
        Files.write(file, bytes);
        start();
        assertThat(page()).isEmpty();
        assertThat(folder.resolve("x/push.groups.damaged-" + nowMs)).hasBinaryContent(bytes);
        assertThat(file).doesNotExist();
    }

    private JsonObject json(String path) throws IOException {
        return Json.createReader(new StringReader(send("GET", path, "").body())).readObject();
    }

    @Test
    void answersTheApi() throws Exception {
        push("PUT", "/metrics/job/a", """
                # HELP h H.
                # TYPE h histogram
                h_bucket{le="0.5"} 1
                h_bucket{le="+Inf"} 2
                h_sum 1.25
                h_count 2
                # TYPE g gauge
                g{x="1"} 0.5
                """);
        JsonObject group = json("/api/v1/metrics").getJsonArray("data").getJsonObject(0);
        assertThat(group.getJsonObject("labels")).hasToString("{\"job\":\"a\"}");
        assertThat(group.getBoolean("last_push_successful")).isTrue();
        assertThat(group.getJsonObject("h"))
                .hasToString("{\"time_stamp\":\"2023-11-14T22:13:20Z\",\"type\":\"HISTOGRAM\","
                        + "\"help\":\"H.\",\"metrics\":[{\"labels\":{\"job\":\"a\",\"instance\":\"\"},"
                        + "\"buckets\":{\"0.5\":\"1\",\"+Inf\":\"2\"},\"sum\":\"1.25\",\"count\":\"2\"}]}");
        assertThat(group.getJsonObject("g").getJsonArray("metrics"))
                .hasToString("[{\"labels\":{\"job\":\"a\",\"x\":\"1\",\"instance\":\"\"},\"value\":\"0.5\"}]");
        assertThat(group).containsKeys("push_time_seconds", "push_failure_time_seconds");
        JsonObject status = json("/api/v1/status").getJsonObject("data");
        assertThat(status.getJsonObject("build_information").getString("version"))
                .isEqualTo("1");
        assertThat(status.getString("start_time")).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(status.getJsonObject("flags")).containsKey("push.group-ttl");
        assertThat(send("GET", "/-/ready", "").status()).isEqualTo(200);
        assertThat(send("GET", "/metrics/job/a", "").status()).isEqualTo(405);
        assertThat(send("GET", "/nowhere", "").status()).isEqualTo(404);
    }

    @Test
    void wipesOnlyWhereAdministrationIsEnabled() throws Exception {
        push("PUT", "/metrics/job/a", "a 1\n");
        assertThat(send("PUT", "/api/v1/admin/wipe", "").status()).isEqualTo(404);
        assertThat(page()).isNotEmpty();
        gateway.close();
        flags.put(Flag.WEB_ENABLE_ADMIN_API.property(), "true");
        start();
        assertThat(send("PUT", "/api/v1/admin/wipe", "").status()).isEqualTo(202);
        assertThat(page()).isEmpty();
    }

    @Test
    void countsRequests() throws Exception {
        push("PUT", "/metrics/job/a", "a 1\n");
        send("BREW", "/metrics/job/a", "");
        TextExposition text = new TextExposition();
        counters.collect(text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text.writeTo(out);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("pushgateway_http_requests_total{handler=\"push\",method=\"put\",code=\"200\"} 1\n")
                .contains("pushgateway_http_requests_total{handler=\"push\",method=\"other\",code=\"405\"} 1\n");
    }

    @Test
    void damagedBodiesAreTakenOrRefused() throws Exception {
        String sound = """
                # HELP a_total A \\"thing\\".
                # TYPE a_total counter
                a_total{x="1",y="\u00e4"} 1
                # TYPE h histogram
                h_bucket{le="1"} 2
                h_bucket{le="+Inf"} 3
                h_sum 4.5
                h_count 3
                # TYPE s summary
                s{quantile="0.5"} 1e3
                s_sum 1
                s_count 1
                plain NaN
                """;
        DamagedInput.isTakenOrRefused(1_500, sound, RefusedException.class, bytes -> {
            PushRequests.Answer answer = send("PUT", "/metrics/job/j", "", "", bytes);
            // What was taken can be given back, whatever it is.
            assertThat(send("GET", "/metrics", "").status()).isEqualTo(200);
            assertThat(send("GET", "/api/v1/metrics", "").status()).isEqualTo(200);
            if (answer.status() != 200) {
                assertThat(answer.status()).isEqualTo(400);
                throw new RefusedException(answer.body());
            }
        });
    }

    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }
}
