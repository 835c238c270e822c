package org.narthex.scrape;

import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.MetricType;
import org.narthex.api.model.PromDuration;
import org.narthex.api.scrape.MetricSink;

/** How long something took, by the interval of those it is about. Thread-safe. */
final class Lengths {
    private static final String INTERVAL = "interval";
    private static final int WINDOW = 512;

    private final Map<Long, RecentLengths> byInterval = new TreeMap<>();

    synchronized void add(long intervalMs, double seconds) {
        byInterval.computeIfAbsent(intervalMs, key -> new RecentLengths(WINDOW)).add(seconds);
    }

    synchronized void writeSummary(MetricSink sink, String name, String help) {
        sink.family(name, MetricType.SUMMARY, help);
        byInterval.forEach((ms, lengths) -> lengths.writeSummary(sink, name, INTERVAL, PromDuration.format(ms)));
    }

    synchronized void writeHistogram(MetricSink sink, String name, String help) {
        sink.family(name, MetricType.HISTOGRAM, help);
        byInterval.forEach((ms, lengths) -> lengths.writeHistogram(sink, name, INTERVAL, PromDuration.format(ms)));
    }
}
