package org.narthex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryStatistics;

class QueryLogTest {
    private static final QueryStatistics STATISTICS = new QueryStatistics(1_000, 2_000_000, 3_000_000, 40, 50);

    @TempDir
    Path folder;

    @Test
    void writesALinePerQuery() throws Exception {
        Path file = folder.resolve("queries.log");
        QueryRequest request = QueryRequest.range("up == \"\\\n\"", 1_000, 61_000, 15_000)
                .withOrigin(Map.of("httpRequest.path", "/api/v1/query_range", "httpRequest.clientIP", "127.0.0.1"));
        QueryLog log = new QueryLog();
        log.write(file, request, STATISTICS, null, 5_000);
        log.write(file, QueryRequest.instant("a +", 0), STATISTICS, "no \"good\"", 6_000);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        JsonObject first = json(lines.get(0));
        assertThat(first.getString("time")).isEqualTo("1970-01-01T00:00:05.000Z");
        JsonObject params = first.getJsonObject("params");
        assertThat(params.getString("query")).isEqualTo("up == \"\\\n\"");
        assertThat(params.getString("end")).isEqualTo("1970-01-01T00:01:01.000Z");
        assertThat(params.getInt("step")).isEqualTo(15);
        assertThat(first.getJsonObject("httpRequest").getString("path")).isEqualTo("/api/v1/query_range");
        JsonObject timings = first.getJsonObject("stats").getJsonObject("timings");
        assertThat(timings.getJsonNumber("evalTotalTime").doubleValue()).isEqualTo(0.005);
        assertThat(first).doesNotContainKey("error");
        assertThat(json(lines.get(1)).getString("error")).isEqualTo("no \"good\"");
        assertThat(log.failures()).isZero();
    }

    @Test
    void countsWhatCouldNotBeWritten() {
        QueryLog log = new QueryLog();
        log.write(folder.resolve("none/queries.log"), QueryRequest.instant("a", 0), STATISTICS, null, 0);
        assertThat(log.failures()).isEqualTo(1);
    }

    @Test
    void tellsAfterwardsWhatDidNotEnd() throws Exception {
        ActiveQueryLog log = ActiveQueryLog.open(folder, 3);
        int ended = log.add("a", 1_000);
        log.add("b{x=\"ü\"}", 2_000);
        log.remove(ended);
        log.add("ü".repeat(3_000), 3_000);
        byte[] left = Files.readAllBytes(folder.resolve("queries.active"));
        assertThat(left).hasSize(3_001);
        try (var reader = Json.createReader(new StringReader("[" + ActiveQueryLog.unfinished(left) + "]"))) {
            JsonArray unfinished = reader.readArray();
            assertThat(unfinished).hasSize(2);
            assertThat(unfinished.getJsonObject(0).getString("query")).isEqualTo("b{x=\"ü\"}");
            assertThat(unfinished.getJsonObject(0).getInt("timestamp_sec")).isEqualTo(2);
            assertThat(unfinished.getJsonObject(1).getString("query"))
                    .startsWith("üü")
                    .hasSizeGreaterThan(450);
        }
        ActiveQueryLog.open(folder, 3);
        assertThat(ActiveQueryLog.unfinished(Files.readAllBytes(folder.resolve("queries.active"))))
                .isEmpty();
    }

    @Test
    void readsWhatPrometheusLeft() {
        String left = "[{\"query\":\"up\",\"timestamp_sec\":1},";
        byte[] content = java.util.Arrays.copyOf(left.getBytes(StandardCharsets.UTF_8), 20_001);
        assertThat(ActiveQueryLog.unfinished(content)).isEqualTo("{\"query\":\"up\",\"timestamp_sec\":1}");
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
