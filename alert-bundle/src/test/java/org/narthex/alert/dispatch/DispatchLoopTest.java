package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;
import org.narthex.alert.ExternalUrl;
import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.config.AlertingConfig.Section;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.model.Labels;

/** The dispatcher with a clock of its own and its real database; a restart is a new one on the same file. */
class DispatchLoopTest {
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long START = 1_700_000_000_000L;

    @TempDir
    Path folder;

    private Path data;

    private final RecordingChannel channel = new RecordingChannel();
    private final DispatchCounters counters = new DispatchCounters();
    private final List<DispatchLoop> loops = new ArrayList<>();
    private Channels channels;
    private DispatchLoop loop;
    private long nowMs = START;

    @BeforeEach
    void start() {
        data = folder.resolve("data");
        start(config(true, "alertname"));
        channels.add("test", channel, 0);
    }

    private void start(AlertingConfig config) {
        channels = new Channels();
        loop = new DispatchLoop(
                new AlertDatabase(data.resolve("narthex/alerts.db")),
                channels,
                Runnable::run,
                new ExternalUrl(new Flags(
                        name -> name.equals(Flag.WEB_EXTERNAL_URL.property()) ? "http://narthex.example" : null)),
                counters,
                DispatchSettings.of(new Flags(name -> null), 0),
                () -> Instant.ofEpochMilli(nowMs));
        loops.add(loop);
        loop.configure(config);
        loop.step();
    }

    @AfterEach
    void stop() {
        loops.forEach(DispatchLoop::finish);
    }

    /** As after a kill: the next one finds the files as they are now, while the last one knows nothing of its end. */
    private void restart(AlertingConfig config) throws IOException {
        Path next = Files.createDirectories(folder.resolve("after-kill-" + loops.size()));
        try (var files = Files.list(data.resolve("narthex"))) {
            for (Path file : files.toList()) {
                Files.createDirectories(next.resolve("narthex"));
                Files.copy(file, next.resolve("narthex").resolve(file.getFileName()));
            }
        }
        data = next;
        start(config);
    }

    private static AlertingConfig config(boolean sendResolved, String... groupBy) {
        Route root = new Route(
                "team", List.of(groupBy), false, 30 * SECOND, 5 * MINUTE, 240 * MINUTE, List.of(), false, List.of());
        Section section = new Section("test", sendResolved, ConfigNode.of(Map.of("to", "ann")));
        return new AlertingConfig(5 * MINUTE, root, Map.of("team", new Receiver("team", List.of(section))));
    }

    private void raise(String name, String instance, long endsAtMs) {
        Alert alert = new Alert(
                Labels.of("alertname", name, "instance", instance),
                Labels.of("summary", name),
                nowMs,
                endsAtMs,
                "http://narthex.example/graph");
        loop.accept(List.of(new RaisedAlert(alert, nowMs + 10 * 24 * 60 * MINUTE)));
        loop.step();
    }

    private void fire(String name) {
        raise(name, "i", 0);
    }

    private void resolve(String name) {
        raise(name, "i", nowMs);
    }

    /** Lets time pass as the loop would: from one wake-up to the next. */
    private void pass(long millis) {
        long end = nowMs + millis;
        long next = settle();
        while (next <= end) {
            nowMs = Math.max(nowMs + 1, next);
            next = settle();
        }
        nowMs = end;
        settle();
    }

    /** What is delivered in one step is noted in the next. */
    private long settle() {
        loop.step();
        return loop.step();
    }

    @Test
    void notifiesAGroupAfterGroupWait() {
        fire("A");
        pass(29 * SECOND);
        assertThat(channel.taken).isEmpty();
        pass(SECOND);
        assertThat(channel.told()).containsExactly("A firing");
        assertThat(channel.taken.get(0).groupKey()).isEqualTo("{}:{alertname=\"A\"}");
        assertThat(channel.taken.get(0).groupLabels()).isEqualTo(Labels.of("alertname", "A"));
        assertThat(channel.taken.get(0).receiver()).isEqualTo("team");
        assertThat(channel.taken.get(0).externalUrl()).isEqualTo("http://narthex.example");
    }

    @Test
    void notifiesNewAlertsOfAGroupAfterGroupInterval() {
        raise("A", "1", 0);
        pass(30 * SECOND);
        raise("A", "2", 0);
        pass(4 * MINUTE);
        assertThat(channel.told()).hasSize(1);
        pass(MINUTE);
        assertThat(channel.told()).containsExactly("A firing", "A firing A firing");
    }

    @Test
    void doesNotRepeatItselfBeforeRepeatInterval() {
        fire("A");
        pass(239 * MINUTE);
        assertThat(channel.told()).hasSize(1);
        pass(10 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing", "A firing");
    }

    @Test
    void tellsOnceThatAlertsAreResolved() {
        fire("A");
        pass(MINUTE);
        resolve("A");
        pass(30 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing", "A resolved");
    }

    @Test
    void doesNotTellOfResolvedAlertsWhereNobodyWantsIt() {
        loop.configure(config(false, "alertname"));
        fire("A");
        pass(MINUTE);
        resolve("A");
        pass(30 * MINUTE);
        fire("A");
        pass(10 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing", "A firing");
    }

    @Test
    void tellsNobodyOfWhatCameAndWentWithinGroupWait() {
        fire("A");
        pass(10 * SECOND);
        resolve("A");
        pass(10 * MINUTE);
        assertThat(channel.told()).isEmpty();
    }

    @Test
    void resolvesWhatIsNotRaisedAgain() {
        Alert alert = new Alert(Labels.of("alertname", "A"), Labels.EMPTY, nowMs, 0, "");
        loop.accept(List.of(new RaisedAlert(alert, 0)));
        pass(4 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing");
        pass(10 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing", "A resolved");
        assertThat(channel.taken.get(1).alerts().get(0).endsAtMs()).isEqualTo(START + 5 * MINUTE);
    }

    private void post(long validUntilMs) {
        Alert alert = new Alert(Labels.of("alertname", "A"), Labels.EMPTY, nowMs, 0, "");
        loop.accept(List.of(new RaisedAlert(alert, validUntilMs)));
        loop.step();
    }

    @Test
    void firesForAsLongAsTheOneSaysWhoSaysTheMost() {
        post(0);
        post(nowMs + MINUTE);
        pass(MINUTE);
        assertThat(channel.told()).as("a time that is said is better than none").containsExactly("A firing");
        pass(5 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing", "A resolved");

        post(nowMs + 20 * MINUTE);
        post(0);
        post(nowMs + MINUTE);
        pass(19 * MINUTE);
        assertThat(channel.told()).hasSize(3).endsWith("A firing");
        pass(6 * MINUTE);
        assertThat(channel.told()).hasSize(4).endsWith("A resolved");
    }

    @Test
    void triesAgainWithGrowingPausesUntilTheChannelTakesIt() {
        channel.failure = new IOException("far side is busy");
        fire("A");
        pass(30 * SECOND);
        pass(5 * SECOND);
        assertThat(channel.attempts).isBetween(3, 4);
        pass(2 * MINUTE);
        assertThat(channel.attempts).isBetween(7, 9);
        channel.failure = null;
        pass(MINUTE);
        assertThat(channel.told()).containsExactly("A firing");
        int attempts = channel.attempts;
        pass(MINUTE);
        assertThat(channel.attempts).isEqualTo(attempts);
    }

    @Test
    void triesAgainWhenTheChannelHasAFault() {
        channel.failure = new NoClassDefFoundError("gone");
        fire("A");
        pass(31 * SECOND);
        channel.failure = new IllegalStateException("fault");
        pass(2 * SECOND);
        channel.failure = null;
        pass(10 * SECOND);
        assertThat(channel.told()).containsExactly("A firing");
    }

    @Test
    void dropsWhatIsRejectedAndTellsAnewAtTheNextFlush() {
        channel.failure = new RejectedException("no such room");
        fire("A");
        pass(MINUTE);
        assertThat(channel.attempts).isEqualTo(1);
        channel.failure = null;
        pass(5 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing");
    }

    @Test
    void keepsNotificationsForAMissingChannelUntilItIsBack() {
        channels.remove("test", channel);
        loop.channelsChanged();
        fire("A");
        pass(10 * MINUTE);
        resolve("A");
        pass(10 * MINUTE);
        assertThat(channel.told()).isEmpty();
        channels.add("test", channel, 0);
        loop.channelsChanged();
        pass(SECOND);
        assertThat(channel.told()).containsExactly("A firing", "A resolved");
    }

    @Test
    void replacesAWaitingNotificationByANewerOne() {
        channels.remove("test", channel);
        raise("A", "1", 0);
        pass(MINUTE);
        raise("A", "2", 0);
        pass(6 * MINUTE);
        channels.add("test", channel, 0);
        loop.channelsChanged();
        pass(SECOND);
        assertThat(channel.told()).containsExactly("A firing A firing");
    }

    @Test
    void deliversAfterAKillWhatWasAccepted() throws IOException {
        channel.failure = new IOException("far side is busy");
        fire("A");
        pass(MINUTE);
        channel.failure = null;
        restart(config(true, "alertname"));
        channels.add("test", channel, 0);
        pass(10 * SECOND);
        assertThat(channel.told()).containsExactly("A firing");
    }

    @Test
    void goesOnAfterAKillWithinGroupWait() throws IOException {
        fire("A");
        pass(10 * SECOND);
        restart(config(true, "alertname"));
        channels.add("test", channel, 0);
        pass(MINUTE);
        assertThat(channel.told()).containsExactly("A firing");
    }

    @Test
    void tellsNothingTwiceAfterAKillRightAfterTheDeliveryWasNoted() throws IOException {
        fire("A");
        nowMs += 30 * SECOND;
        settle();
        restart(config(true, "alertname"));
        channels.add("test", channel, 0);
        pass(10 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing");
    }

    @Test
    void tellsNothingTwiceAfterARestart() throws IOException {
        fire("A");
        pass(MINUTE);
        restart(config(true, "alertname"));
        channels.add("test", channel, 0);
        fire("A");
        pass(30 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing");
    }

    @Test
    void tellsAfterARestartThatAlertsAreResolvedWhichNobodyRaisesAnyMore() throws IOException {
        Alert alert = new Alert(Labels.of("alertname", "A"), Labels.EMPTY, nowMs, 0, "");
        loop.accept(List.of(new RaisedAlert(alert, nowMs + 4 * MINUTE)));
        pass(MINUTE);
        restart(config(true, "alertname"));
        channels.add("test", channel, 0);
        pass(4 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing");
        pass(10 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing", "A resolved");
    }

    @Test
    void deliversThroughOneChannelWhileAnotherHangs() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger hanging = new AtomicInteger();
        AtomicInteger delivered = new AtomicInteger();
        Channels both = new Channels();
        both.add(
                "slow",
                (notification, section) -> {
                    hanging.incrementAndGet();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                },
                0);
        both.add("test", (notification, section) -> delivered.incrementAndGet(), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            DispatchLoop busy = new DispatchLoop(
                    new AlertDatabase(folder.resolve("busy/alerts.db")),
                    both,
                    threads,
                    new ExternalUrl(new Flags(name -> "http://narthex.example")),
                    counters,
                    DispatchSettings.of(new Flags(name -> null), 0),
                    () -> Instant.ofEpochMilli(nowMs));
            loops.add(busy);
            Route root = new Route("both", List.of(), true, 0, MINUTE, 60 * MINUTE, List.of(), false, List.of());
            List<Section> sections = List.of(
                    new Section("slow", true, ConfigNode.of(Map.of())),
                    new Section("test", true, ConfigNode.of(Map.of())));
            busy.configure(new AlertingConfig(5 * MINUTE, root, Map.of("both", new Receiver("both", sections))));
            List<RaisedAlert> raised = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Alert alert = new Alert(Labels.of("alertname", "A" + i), Labels.EMPTY, nowMs, 0, "");
                raised.add(new RaisedAlert(alert, nowMs + 60 * MINUTE));
            }
            busy.accept(raised);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (delivered.get() < 100 && System.nanoTime() < deadline) {
                busy.step();
            }
            assertThat(delivered).hasValue(100);
            assertThat(hanging.get()).isBetween(1, 4);
        } finally {
            release.countDown();
            threads.shutdown();
            assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void forgetsNotificationsWhoseSectionIsGone() {
        channel.failure = new IOException("far side is busy");
        fire("A");
        pass(MINUTE);
        Route root = new Route("other", List.of(), false, 0, MINUTE, MINUTE, List.of(), false, List.of());
        loop.configure(new AlertingConfig(5 * MINUTE, root, Map.of("other", new Receiver("other", List.of()))));
        channel.failure = null;
        pass(10 * MINUTE);
        assertThat(channel.told()).isEmpty();
    }

    @Test
    void keepsTheTimersOfGroupsOverAReload() {
        fire("A");
        pass(20 * SECOND);
        loop.configure(config(true, "alertname"));
        pass(9 * SECOND);
        assertThat(channel.told()).isEmpty();
        pass(SECOND);
        assertThat(channel.told()).containsExactly("A firing");
    }

    @Test
    void startsAnewWhenTheFileIsDamaged() throws IOException {
        fire("A");
        pass(MINUTE);
        loop.finish();
        Path file = data.resolve("narthex/alerts.db");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i += 7) {
            bytes[i] ^= (byte) (i * 31 + 5);
        }
        Files.write(file, bytes);
        start(config(true, "alertname"));
        channels.add("test", channel, 0);
        fire("B");
        pass(MINUTE);
        assertThat(channel.told()).containsExactly("A firing", "B firing");
        try (var kept = Files.list(data.resolve("narthex/quarantine"))) {
            assertThat(kept).isNotEmpty();
        }
    }

    @Test
    void setsTheStateOfAnEarlierBuildAside() throws IOException {
        Path folder = Files.createDirectories(data.resolve("narthex"));
        try (DB db = DBMaker.fileDB(folder.resolve("alerts.db").toFile())
                .transactionEnable()
                .make()) {
            db.hashMap("alerts", Serializer.STRING, Serializer.BYTE_ARRAY)
                    .create()
                    .put("1", new byte[] {1});
            db.commit();
        }
        fire("A");
        pass(MINUTE);
        assertThat(channel.told()).containsExactly("A firing");
        try (var kept = Files.list(folder.resolve("quarantine"))) {
            assertThat(kept.map(file -> file.getFileName().toString())).anyMatch(name -> name.startsWith("alerts.db."));
        }
        restart(config(true, "alertname"));
        channels.add("test", channel, 0);
        fire("A");
        pass(10 * MINUTE);
        assertThat(channel.told()).as("the new one is read").containsExactly("A firing");
    }

    @Test
    void deliversWithoutAFileAndKeepsAllOnceItCanBeWritten() throws IOException {
        Files.createDirectories(data);
        Path inTheWay = Files.writeString(data.resolve("narthex"), "a file where the folder should be");
        fire("A");
        pass(50 * SECOND);
        assertThat(channel.told()).containsExactly("A firing");
        Files.delete(inTheWay);
        pass(MINUTE);
        restart(config(true, "alertname"));
        channels.add("test", channel, 0);
        fire("A");
        pass(10 * MINUTE);
        assertThat(channel.told()).containsExactly("A firing");
    }

    @Test
    void opensNoFileBeforeThereIsSomethingToKeep() {
        pass(MINUTE);
        assertThat(data.resolve("narthex")).doesNotExist();
    }

    @Test
    void keepsTheFileSmallOverManyNotifications() throws IOException {
        for (int i = 0; i < 100; i++) {
            raise("A" + i % 10, "i" + i, 0);
            pass(6 * MINUTE);
            raise("A" + i % 10, "i" + i, nowMs);
            pass(6 * MINUTE);
        }
        assertThat(Files.size(data.resolve("narthex/alerts.db"))).isLessThan(8 << 20);
        try (var files = Files.list(data.resolve("narthex"))) {
            assertThat(files.count()).isLessThan(5);
        }
    }
}
