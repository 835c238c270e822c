package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.alert.ExternalUrl;
import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Alertmanager.AlertState;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.Silence;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.InhibitRule;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.config.AlertingConfig.Section;
import org.narthex.api.config.AlertingConfig.TemplateFile;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.Flags;
import org.narthex.api.config.TimeInterval;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** Silences, inhibition and muted times in force, with the real database and a clock of the test's own. */
class MutingTest {
    private static final long MINUTE = 60_000;
    /** A Tuesday, 22:13:20 UTC. */
    private static final long START = 1_700_000_000_000L;

    @TempDir
    Path folder;

    private final List<Notification> sent = new ArrayList<>();
    private final List<ConfigNode> sections = new ArrayList<>();
    private final List<DispatchLoop> loops = new ArrayList<>();
    private Path data;
    private DispatchLoop loop;
    private long nowMs = START;

    @BeforeEach
    void start() {
        data = folder.resolve("data");
        start(config(List.of(), List.of()));
    }

    @AfterEach
    void stop() {
        loops.forEach(DispatchLoop::finish);
    }

    private void start(AlertingConfig config) {
        Channels channels = new Channels();
        channels.add(
                "test",
                (notification, section) -> {
                    sent.add(notification);
                    sections.add(section);
                },
                0);
        loop = new DispatchLoop(
                new AlertDatabase(data.resolve("alerts.db")),
                channels,
                Runnable::run,
                new ExternalUrl(new Flags(name -> null)),
                new DispatchCounters(),
                DispatchSettings.of(new Flags(name -> null), 0),
                () -> Instant.ofEpochMilli(nowMs));
        loops.add(loop);
        loop.configure(config);
        loop.step();
    }

    /** As after a kill: the next one finds the files as they are now. */
    private void restart() throws IOException {
        Path next = Files.createDirectories(folder.resolve("after-kill"));
        try (var files = Files.list(data)) {
            for (Path file : files.toList()) {
                Files.copy(file, next.resolve(file.getFileName()));
            }
        }
        data = next;
        start(config(List.of(), List.of()));
    }

    private static AlertingConfig config(List<String> mute, List<String> active) {
        Route child = new Route(
                "team",
                List.of("alertname"),
                false,
                0,
                5 * MINUTE,
                240 * MINUTE,
                List.of(),
                false,
                mute,
                active,
                Labels.of("pager", "{{ .GroupLabels.alertname | toUpper }}"),
                List.of());
        Route root = new Route("team", List.of(), false, 0, 5 * MINUTE, 240 * MINUTE, List.of(), false, List.of(child));
        Section section = new Section(
                "test",
                true,
                ConfigNode.of(Map.of("text", "{{ template \"line\" . }} {{ routeLabels \"pager\" }}", "plain", "x")));
        return new AlertingConfig(
                5 * MINUTE,
                root,
                Map.of("team", new Receiver("team", List.of(section))),
                List.of(new InhibitRule(
                        "",
                        List.of(Matcher.equal("severity", "page")),
                        List.of(Matcher.equal("severity", "warning")),
                        List.of("instance"))),
                Map.of(
                        "late",
                        List.of(new TimeInterval(
                                List.of(new TimeInterval.Range(22 * 60, 23 * 60)),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                ZoneOffset.UTC))),
                List.of(new TemplateFile("/t/a.tmpl", "{{ define \"line\" }}{{ .Status }} {{ len .Alerts }}{{ end }}")),
                "");
    }

    private void fire(String name, String... more) {
        Labels.Builder labels = Labels.builder().set("alertname", name).set("instance", "i");
        for (int i = 0; i < more.length; i += 2) {
            labels.set(more[i], more[i + 1]);
        }
        Alert alert = new Alert(labels.build(), Labels.EMPTY, nowMs, 0, "");
        loop.accept(List.of(new RaisedAlert(alert, nowMs + 600 * MINUTE)));
        loop.step();
    }

    private void pass(long millis) {
        nowMs += millis;
        loop.step();
    }

    private String put(String id, long startsAtMs, long endsAtMs, Matcher... matchers) {
        var answer = loop.ask(dispatcher -> dispatcher
                .silences()
                .put(
                        new Silence(id, List.of(matchers), startsAtMs, endsAtMs, 0, "ann", "works on it", Labels.EMPTY),
                        nowMs));
        loop.step();
        return answer.join();
    }

    private void expire(String id) {
        var answer = loop.ask(dispatcher -> {
            dispatcher.silences().expire(id, nowMs);
            return id;
        });
        loop.step();
        answer.join();
    }

    private Silence silence(String id) {
        var answer = loop.ask(dispatcher -> dispatcher.silences().find(id).orElseThrow());
        loop.step();
        return answer.join();
    }

    private List<AlertState> states() {
        var answer = loop.ask(dispatcher -> dispatcher.alertStates(nowMs));
        loop.step();
        return answer.join();
    }

    @Test
    void tellsNothingOfSilencedAlertsUntilTheSilenceEnds() {
        String id = put("", 0, nowMs + 12 * MINUTE, Matcher.equal("alertname", "A"));
        fire("A");
        fire("B");
        assertThat(sent).extracting(each -> each.groupLabels().get("alertname")).containsExactly("B");
        assertThat(states())
                .filteredOn(state -> state.alert().labels().get("alertname").equals("A"))
                .extracting(AlertState::silencedBy)
                .containsExactly(List.of(id));
        pass(5 * MINUTE);
        assertThat(sent).hasSize(1);
        expire(id);
        assertThat(states()).noneMatch(AlertState::isSuppressed);
        pass(5 * MINUTE);
        assertThat(sent).extracting(each -> each.groupLabels().get("alertname")).containsExactly("B", "A");
    }

    @Test
    void beginsAndEndsSilencesByTheClock() {
        String id = put("", nowMs + MINUTE, nowMs + 3 * MINUTE, Matcher.equal("alertname", "A"));
        fire("A");
        assertThat(states().get(0).isSuppressed()).isFalse();
        pass(2 * MINUTE);
        assertThat(states().get(0).silencedBy()).containsExactly(id);
        pass(MINUTE);
        assertThat(states().get(0).isSuppressed()).isFalse();
        pass(121 * 60 * MINUTE);
        pass(15 * MINUTE);
        assertThatThrownBy(() -> silence(id)).hasCauseInstanceOf(NoSuchElementException.class);
    }

    @Test
    void keepsSilencesOverAKill() throws IOException {
        String id = put("", 0, nowMs + 60 * MINUTE, Matcher.of(Matcher.Type.REGEX, "alertname", "A|C"));
        fire("A");
        restart();
        assertThat(silence(id).matchers()).containsExactly(Matcher.of(Matcher.Type.REGEX, "alertname", "A|C"));
        assertThat(silence(id).comment()).isEqualTo("works on it");
        pass(10 * MINUTE);
        assertThat(sent).isEmpty();
        pass(60 * MINUTE);
        assertThat(sent).hasSize(1);
    }

    @Test
    void changesASilenceInPlaceOnlyWhereItMay() {
        Matcher matcher = Matcher.equal("alertname", "A");
        String id = put("", 0, nowMs + 60 * MINUTE, matcher);
        long startsAtMs = silence(id).startsAtMs();
        assertThat(startsAtMs).isEqualTo(nowMs);
        pass(MINUTE);
        assertThat(put(id, startsAtMs, nowMs + 10 * MINUTE, matcher)).isEqualTo(id);
        assertThat(silence(id).endsAtMs()).isEqualTo(nowMs + 10 * MINUTE);
        String other = put(id, startsAtMs, nowMs + 10 * MINUTE, Matcher.equal("alertname", "B"));
        assertThat(other).isNotEqualTo(id);
        assertThat(silence(id).state(nowMs)).isEqualTo(Silence.State.EXPIRED);
        assertThat(silence(other).state(nowMs)).isEqualTo(Silence.State.ACTIVE);
    }

    @Test
    void refusesSilencesThatCannotBe() {
        Matcher matcher = Matcher.equal("alertname", "A");
        assertThatThrownBy(() -> put("nosuch", nowMs, nowMs + 1, matcher))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> put("", nowMs, nowMs + 1)).hasMessageContaining("at least one matcher required");
        assertThatThrownBy(() -> put("", nowMs, nowMs + 1, Matcher.equal("a", "")))
                .hasMessageContaining("must not match the empty string");
        assertThatThrownBy(() -> put("", nowMs, nowMs, matcher)).hasMessageContaining("start time must be before end");
        assertThatThrownBy(() -> put("", nowMs - 9, nowMs - 1, matcher)).hasMessageContaining("in the past");
        String id = put("", 0, nowMs + MINUTE, matcher);
        expire(id);
        assertThatThrownBy(() -> expire(id)).hasMessageContaining("already expired");
    }

    @Test
    void inhibitsWhileTheSourceFires() {
        fire("Down", "severity", "page");
        fire("Slow", "severity", "warning");
        fire("Slow", "severity", "warning", "instance", "other");
        pass(5 * MINUTE);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).alerts())
                .extracting(alert -> alert.labels().get("instance"))
                .containsExactly("other");
        assertThat(states())
                .filteredOn(AlertState::isSuppressed)
                .singleElement()
                .satisfies(state -> assertThat(state.inhibitedBy())
                        .containsExactly(sent.get(0).alerts().get(0).fingerprint()));
    }

    @Test
    void tellsNothingInMutedTimes() {
        loop.configure(config(List.of("late"), List.of()));
        fire("A");
        assertThat(sent).isEmpty();
        assertThat(states().get(0).mutedBy()).containsExactly("late");
        // At 23:00 the interval ends.
        pass(50 * MINUTE);
        assertThat(sent).hasSize(1);
    }

    @Test
    void speaksOnlyInActiveTimes() {
        loop.configure(config(List.of(), List.of("late")));
        fire("A");
        assertThat(sent).hasSize(1);
        nowMs += 60 * MINUTE;
        fire("B");
        assertThat(sent).hasSize(1);
        assertThat(states()).allSatisfy(state -> assertThat(state.mutedBy()).containsExactly("late"));
    }

    @Test
    void executesTemplatesOfSectionsAndSaysWhyItTells() throws Exception {
        fire("a");
        assertThat(sections.get(0).string("text", "")).isEqualTo("firing 1 A");
        assertThat(sections.get(0).string("plain", "")).isEqualTo("x");
        assertThat(sent.get(0).reason()).isEqualTo("first notification");
        assertThat(sent.get(0).routeLabels()).isEqualTo(Labels.of("pager", "A"));
        fire("a", "instance", "other");
        pass(5 * MINUTE);
        assertThat(sent.get(1).reason()).isEqualTo("new alerts added");
        pass(250 * MINUTE);
        assertThat(sent.get(2).reason()).isEqualTo("repeat interval elapsed");
        assertThat(sections.get(2).string("text", "")).isEqualTo("firing 2 A");
    }
}
