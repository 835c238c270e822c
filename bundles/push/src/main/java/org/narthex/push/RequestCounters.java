package org.narthex.push;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Counts requests, under the Pushgateway's name. Thread-safe. */
final class RequestCounters {
    private static final String NAME = "pushgateway_http_requests_total";
    private static final List<String> METHODS = List.of("DELETE", "GET", "HEAD", "POST", "PUT");

    /** By handler, method and code, with tabs between them. */
    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

    void count(String handler, String method, int code) {
        // Anybody can make up methods.
        String known = METHODS.contains(method) ? method : "other";
        counts.computeIfAbsent(handler + '\t' + known + '\t' + code, key -> new LongAdder())
                .increment();
    }

    void collect(MetricSink sink) {
        if (counts.isEmpty()) {
            return;
        }
        sink.family(NAME, MetricType.COUNTER, "Total HTTP requests processed by the Pushgateway, excluding scrapes.");
        counts.forEach((key, count) -> {
            String[] parts = key.split("\t", -1);
            sink.sample(
                    NAME,
                    (double) count.sum(),
                    "handler",
                    parts[0],
                    "method",
                    parts[1].toLowerCase(Locale.ROOT),
                    "code",
                    parts[2]);
        });
    }
}
