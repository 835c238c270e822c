package org.narthex.probe;

import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.narthex.api.scrape.TextExposition;

/** One probe of one target: until when, what it measured, and what it has to tell. Used by one thread. */
final class ProbeRun {
    private final String target;
    private final String hostname;
    private final long deadlineNanos;
    private final long startNanos = System.nanoTime();
    private final TextExposition metrics = new TextExposition();
    private final List<String> log = new ArrayList<>();
    private Optional<Boolean> regexFailed = Optional.empty();
    private Optional<Boolean> bytesFailed = Optional.empty();

    /** @param hostname to say to the server instead of that of the target; empty for none */
    ProbeRun(String target, String hostname, long timeoutMs) {
        this.target = target;
        this.hostname = hostname;
        deadlineNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    }

    String target() {
        return target;
    }

    String hostname() {
        return hostname;
    }

    /**
     * How long the probe may go on, in milliseconds, at least 1.
     *
     * @throws SocketTimeoutException it may not
     */
    int remainingMs() throws SocketTimeoutException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException("the probe's time is over");
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }

    /** Seconds since a time of {@link System#nanoTime}. */
    static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    double seconds() {
        return secondsSince(startNanos);
    }

    TextExposition metrics() {
        return metrics;
    }

    /** What the regular expressions decided so far; a prober that may have any says so once at least. */
    void failedByRegex(boolean failed) {
        regexFailed = Optional.of(failed);
    }

    /** The same of bytes that were expected as they are. */
    void failedByBytes(boolean failed) {
        bytesFailed = Optional.of(failed);
    }

    /** The metrics, to which nothing will be added. */
    TextExposition finished() {
        bytesFailed.ifPresent(failed ->
                metrics.gauge("probe_failed_due_to_bytes", "Indicates if probe failed due to bytes", failed ? 1 : 0));
        regexFailed.ifPresent(failed ->
                metrics.gauge("probe_failed_due_to_regex", "Indicates if probe failed due to regex", failed ? 1 : 0));
        return metrics;
    }

    /** Adds a line to the log of the probe. */
    void log(String line) {
        log.add(line);
    }

    /** The same, for a reason to fail. */
    boolean fails(String why) {
        log.add("level=ERROR " + why);
        return false;
    }

    List<String> log() {
        return log;
    }
}
