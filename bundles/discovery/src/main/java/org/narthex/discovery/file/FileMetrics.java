package org.narthex.discovery.file;

import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** What file discovery counts about itself. Thread-safe. */
final class FileMetrics {
    private final Map<String, Double> modified = new TreeMap<>();
    private long errors;
    private long scans;
    private double scanSeconds;

    synchronized void readFailed() {
        errors++;
    }

    synchronized void read(String file, double modifiedSeconds) {
        modified.put(file, modifiedSeconds);
    }

    synchronized void forget(String file) {
        modified.remove(file);
    }

    synchronized void scanned(long nanos) {
        scans++;
        scanSeconds += nanos / 1e9;
    }

    synchronized void writeTo(MetricSink sink) {
        sink.counter("prometheus_sd_file_read_errors_total", "Target lists that could not be read.", (double) errors);
        String duration = "prometheus_sd_file_scan_duration_seconds";
        sink.family(duration, MetricType.SUMMARY, "Time to look for changed target lists.");
        sink.sample(duration + "_sum", scanSeconds);
        sink.sample(duration + "_count", (double) scans);
        if (!modified.isEmpty()) {
            sink.family("prometheus_sd_file_mtime_seconds", MetricType.GAUGE, "When a target list was changed last.");
            modified.forEach(
                    (file, seconds) -> sink.sample("prometheus_sd_file_mtime_seconds", seconds, "filename", file));
        }
    }
}
