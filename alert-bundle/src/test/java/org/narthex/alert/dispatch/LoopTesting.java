package org.narthex.alert.dispatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.alert.ExternalUrl;
import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.config.AlertingConfig.Section;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.Flags;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** A dispatcher with a clock of the test's and its real database, whose deliveries run when the test lets them. */
abstract class LoopTesting {
    static final long SECOND = 1_000;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;
    static final long START = 1_700_000_000_000L;
    static final List<Matcher> DOWN = List.of(Matcher.equal("alertname", "Down"));

    @TempDir
    Path folder;

    /** What was delivered: the status and names of the alerts of each notification. */
    final List<String> delivered = new ArrayList<>();
    /** What the channel had noted before each of these. */
    final List<String> memos = new ArrayList<>();
    /** Attempts that were begun and not made yet. */
    final Deque<Runnable> attempts = new ArrayDeque<>();

    DispatchLoop loop;
    DispatchCounters counters;
    long nowMs = START;
    /** What the channel says instead of taking it; empty for taking it. */
    String refusal = "";

    private final List<DispatchLoop> loops = new ArrayList<>();
    private Path data;

    /** Notes what it is given, and how often it was called for the group. */
    private final class CountingChannel implements AlertChannel {
        @Override
        public void send(Notification notification, ConfigNode section) throws IOException {
            if (!refusal.isEmpty()) {
                throw new IOException(refusal);
            }
            StringBuilder text = new StringBuilder(notification.isResolved() ? "resolved" : "firing");
            notification.alerts().forEach(alert -> text.append(' ')
                    .append(alert.labels().get("alertname"))
                    .append(alert.isResolved() ? "-" : "+"));
            delivered.add(text.toString());
        }

        @Override
        public String send(Notification notification, ConfigNode section, String memo)
                throws IOException, RejectedException {
            send(notification, section);
            memos.add(memo);
            return memo + "I";
        }
    }

    @BeforeEach
    void start() {
        data = folder.resolve("data");
        begin();
    }

    /** What is given for a flag; null for nothing. */
    String flag(String property) {
        return null;
    }

    private void begin() {
        Channels channels = new Channels();
        channels.add("test", new CountingChannel(), 0);
        attempts.clear();
        counters = new DispatchCounters();
        loop = new DispatchLoop(
                new AlertDatabase(data.resolve("narthex/alerts.db")),
                channels,
                attempts::add,
                new ExternalUrl(new Flags(name -> "http://narthex.example")),
                counters,
                DispatchSettings.of(new Flags(this::flag), 2 * DAY),
                () -> Instant.ofEpochMilli(nowMs));
        loops.add(loop);
        Route root = new Route(
                "team", List.of("job"), false, 30 * SECOND, 5 * MINUTE, 4 * HOUR, List.of(), false, List.of());
        Section section = new Section("test", true, ConfigNode.of(Map.of("to", "ann")));
        loop.configure(new AlertingConfig(5 * MINUTE, root, Map.of("team", new Receiver("team", List.of(section)))));
        loop.step();
    }

    @AfterEach
    void stop() {
        loops.forEach(DispatchLoop::finish);
    }

    /** The next one finds the files as they are now; the last one knows nothing of its end. */
    void kill() throws IOException {
        Path next = Files.createDirectories(folder.resolve("after-kill-" + loops.size()));
        try (var files = Files.list(data.resolve("narthex"))) {
            for (Path file : files.toList()) {
                Files.createDirectories(next.resolve("narthex"));
                Files.copy(file, next.resolve("narthex").resolve(file.getFileName()));
            }
        }
        data = next;
        begin();
    }

    void raise(String name, long endsAtMs) {
        raise(name, "api", endsAtMs);
    }

    /** Alerts of one job are a group. */
    void raise(String name, String job, long endsAtMs) {
        Alert alert = new Alert(
                Labels.of("alertname", name, "job", job),
                Labels.EMPTY,
                nowMs,
                endsAtMs,
                "http://narthex.example/graph");
        loop.accept(List.of(new RaisedAlert(alert, nowMs + 30 * DAY)));
        loop.step();
    }

    void deliver() {
        while (!attempts.isEmpty()) {
            attempts.removeFirst().run();
            loop.step();
        }
    }

    /** Lets time pass from one wake-up to the next, with all that is due delivered. */
    void pass(long millis) {
        long end = nowMs + millis;
        deliver();
        long next = loop.step();
        while (next <= end) {
            nowMs = Math.max(nowMs + 1, next);
            loop.step();
            deliver();
            next = loop.step();
        }
        nowMs = end;
        loop.step();
        deliver();
    }

    <T> T ask(Function<Dispatcher, T> code) {
        CompletableFuture<T> answer = loop.ask(code);
        loop.step();
        return answer.join();
    }
}
