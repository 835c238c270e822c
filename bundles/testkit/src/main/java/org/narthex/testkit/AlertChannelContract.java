package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;

/**
 * What every {@link AlertChannel} must do. Extend it, give it a channel and a far side that the test controls, and add tests of the channel's
 * own format.
 */
public abstract class AlertChannelContract {
    /** How the far side behaves from now on. */
    public enum FarSide {
        /** Takes what it is given. */
        ACCEPTS,
        /** Cannot take it at present, e.g. HTTP 503. */
        BUSY,
        /** Will never take it, e.g. HTTP 400. */
        REFUSES,
        /** Nobody listens. */
        GONE
    }

    private static final long STARTS_AT_MS = 1_700_000_000_123L;

    /** The channel under test. */
    protected abstract AlertChannel channel();

    /** A valid section that leads to the far side; asked for after {@link #farSide}. */
    protected abstract ConfigNode section();

    /** A section with a mistake. */
    protected abstract ConfigNode badSection();

    /** The key the error about {@link #badSection()} must name. */
    protected abstract String badKey();

    /** Makes the far side behave so. */
    protected abstract void farSide(FarSide behaviour) throws Exception;

    /** What the far side took, in readable form with labels and annotations as they are; safe to call from any thread. */
    protected abstract List<String> taken();

    @Test
    void deliversFiringAlerts() throws Exception {
        farSide(FarSide.ACCEPTS);
        channel().send(notification("contract-firing", firing("InstanceDown")), section());
        assertThat(taken()).hasSize(1);
        assertThat(taken().get(0)).contains("InstanceDown");
    }

    @Test
    void deliversFiringAndResolvedAlertsTogether() throws Exception {
        farSide(FarSide.ACCEPTS);
        channel().send(notification("contract-mixed", firing("StillDown"), resolved("UpAgain")), section());
        assertThat(taken()).hasSize(1);
        assertThat(taken().get(0)).contains("StillDown").contains("UpAgain");
    }

    @Test
    void deliversResolvedAlerts() throws Exception {
        farSide(FarSide.ACCEPTS);
        channel().send(notification("contract-resolved", resolved("UpAgain")), section());
        assertThat(taken()).hasSize(1);
        assertThat(taken().get(0)).contains("UpAgain");
    }

    @Test
    void keepsUnicode() throws Exception {
        farSide(FarSide.ACCEPTS);
        channel().send(notification("contract-unicode", firing("Überlast ✓ 火 𝄞")), section());
        assertThat(taken().get(0)).contains("Überlast ✓ 火 𝄞");
    }

    @Test
    void asksForRetryWhenTheFarSideIsBusy() throws Exception {
        farSide(FarSide.BUSY);
        assertThatThrownBy(() -> channel().send(notification("contract-busy", firing("A")), section()))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("(?s).*\\S.*");
    }

    @Test
    void asksForRetryWhenNobodyListens() throws Exception {
        farSide(FarSide.GONE);
        assertThatThrownBy(() -> channel().send(notification("contract-gone", firing("A")), section()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void givesUpWhenTheFarSideRefuses() throws Exception {
        farSide(FarSide.REFUSES);
        assertThatThrownBy(() -> channel().send(notification("contract-refused", firing("A")), section()))
                .isInstanceOf(RejectedException.class);
    }

    @Test
    void deliversOnceTheFarSideIsBack() throws Exception {
        farSide(FarSide.BUSY);
        Notification notification = notification("contract-back", firing("InstanceDown"));
        assertThatThrownBy(() -> channel().send(notification, section())).isInstanceOf(IOException.class);
        farSide(FarSide.ACCEPTS);
        channel().send(notification, section());
        assertThat(taken()).hasSize(1);
    }

    @Test
    void deliversFromManyThreadsAtOnce() throws Exception {
        farSide(FarSide.ACCEPTS);
        AlertChannel channel = channel();
        ConfigNode section = section();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                Notification notification = notification("contract-threads-" + i, firing("Alert-" + i + "."));
                sent.add(threads.submit(() -> {
                    channel.send(notification, section);
                    return null;
                }));
            }
            for (Future<?> each : sent) {
                each.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(taken()).hasSize(64);
        for (int i = 0; i < 64; i++) {
            String name = "Alert-" + i + ".";
            assertThat(taken()).filteredOn(text -> text.contains(name)).hasSize(1);
        }
    }

    @Test
    void acceptsItsSection() throws Exception {
        farSide(FarSide.ACCEPTS);
        channel().check(section());
    }

    @Test
    void namesTheKeyThatIsWrong() {
        assertThatThrownBy(() -> channel().check(badSection()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(badKey());
    }

    /** A notification of the given group. */
    protected static Notification notification(String group, Alert... alerts) {
        return new Notification(
                "team",
                "{}:{group=\"" + group + "\"}",
                Labels.of("group", group),
                List.of(alerts),
                "http://narthex.example:9090");
    }

    /** An alert that fires. */
    protected static Alert firing(String name) {
        return alert(name, 0);
    }

    /** An alert that was resolved a minute after it began. */
    protected static Alert resolved(String name) {
        return alert(name, STARTS_AT_MS + 60_000);
    }

    private static Alert alert(String name, long endsAtMs) {
        return new Alert(
                Labels.of("alertname", name, "severity", "page"),
                Labels.of("summary", name + " is of interest"),
                STARTS_AT_MS,
                endsAtMs,
                "http://narthex.example:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1");
    }
}
