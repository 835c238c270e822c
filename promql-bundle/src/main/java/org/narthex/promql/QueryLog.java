package org.narthex.promql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file {@code query_log_file} of the configuration: one line of JSON per query, as Prometheus writes it. Thread-safe. */
final class QueryLog {
    private static final Logger LOG = LoggerFactory.getLogger(QueryLog.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final LongAdder failures = new LongAdder();
    /** Whether the last write failed; told once. */
    private volatile boolean failing;

    /** How many lines could not be written. */
    long failures() {
        return failures.sum();
    }

    /**
     * Adds a line.
     *
     * @param file opened anew each time, so that it may be moved away
     * @param error the message, or null if the query was answered
     */
    void write(Path file, QueryRequest request, QueryStatistics statistics, String error, long nowMs) {
        String line = line(request, statistics, error, nowMs) + "\n";
        try {
            Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            failing = false;
        } catch (IOException e) {
            failures.increment();
            if (!failing) {
                failing = true;
                LOG.warn("queries are not logged to {}: {}", file, e.toString());
            }
        }
    }

    static String line(QueryRequest request, QueryStatistics statistics, String error, long nowMs) {
        JsonText json = new JsonText().open();
        json.key("time").string(time(nowMs)).key("level").string("INFO");
        json.key("msg").string("promql query logged");
        json.key("params").open();
        json.key("end").string(time(request.endMs())).key("query").string(request.expression());
        json.key("start").string(time(request.startMs()));
        json.key("step").number(request.stepMs() / 1000).close();
        if (error != null) {
            json.key("error").string(error);
        }
        long inner = statistics.evaluateNanos();
        long total = statistics.prepareNanos() + inner;
        json.key("stats").open().key("timings").open();
        json.key("evalTotalTime").seconds(total).key("resultSortTime").seconds(0);
        json.key("queryPreparationTime").seconds(statistics.prepareNanos());
        json.key("innerEvalTime").seconds(inner).key("execQueueTime").seconds(statistics.queueNanos());
        json.key("execTotalTime").seconds(statistics.queueNanos() + total).close();
        json.key("samples").open().key("totalQueryableSamples").number(statistics.samples());
        json.key("peakSamples").number(statistics.peakSamples()).close().close();
        origin(json, request);
        return json.close().toString();
    }

    /** {@code httpRequest.path} becomes {@code "httpRequest":{"path":…}}. */
    private static void origin(JsonText json, QueryRequest request) {
        String open = "";
        for (var entry : new TreeMap<>(request.origin()).entrySet()) {
            int dot = entry.getKey().indexOf('.');
            String group = dot < 0 ? "" : entry.getKey().substring(0, dot);
            if (!group.equals(open)) {
                if (!open.isEmpty()) {
                    json.close();
                }
                if (!group.isEmpty()) {
                    json.key(group).open();
                }
                open = group;
            }
            json.key(entry.getKey().substring(dot + 1)).string(entry.getValue());
        }
        if (!open.isEmpty()) {
            json.close();
        }
    }

    private static String time(long ms) {
        return TIME.format(Instant.ofEpochMilli(ms));
    }
}
