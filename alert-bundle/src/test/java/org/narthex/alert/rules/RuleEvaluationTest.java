package org.narthex.alert.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.alert.ExternalUrl;
import org.narthex.alert.dispatch.AlertDispatch;
import org.narthex.alert.external.ExternalSending;
import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RuleStates.Health;
import org.narthex.api.config.AlertSendingConfig;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.config.AlertingConfig.Section;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.config.RuleGroup.Kind;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.Regex;
import org.narthex.api.scrape.MetricSink;
import org.narthex.storage.memory.MemoryStorage;

/** Both components with their own threads and the real clock: from an expression to a channel. */
class RuleEvaluationTest {
    private static final long INTERVAL_MS = 50;

    @TempDir
    Path folder;

    private final BlockingQueue<Notification> taken = new LinkedBlockingQueue<>();
    private final AlertChannel channel = (notification, section) -> taken.add(notification);
    private final FakeEngine engine = new FakeEngine();
    private AlertDispatch dispatch;
    private ExternalSending external;
    private List<RelabelConfig> relabel = List.of();
    private RuleEvaluation rules;

    @BeforeEach
    void start() {
        Flags flags = new Flags(name -> name.equals(Flag.STORAGE_PATH.property())
                ? folder.toString()
                : name.equals(Flag.WEB_EXTERNAL_URL.property()) ? "http://narthex.example" : null);
        dispatch = new AlertDispatch(flags, 0, InstantSource.system());
        external = new ExternalSending(flags);
        rules = new RuleEvaluation(
                new RuleSettings(60_000, 3_600_000, 600_000, new ExternalUrl(flags)),
                1 << 20,
                RuleEvaluation.toAll(dispatch, external),
                InstantSource.system());
        rules.bind(engine, new MemoryStorage());
    }

    @AfterEach
    void stop() {
        rules.stop();
        dispatch.stop();
    }

    private void apply(RuleGroup... groups) {
        Route root = new Route("team", List.of(), true, 0, 100, 3_600_000, List.of(), false, List.of());
        Section section = new Section("test", true, ConfigNode.of(Map.of()));
        Configuration configuration = new Configuration(
                1,
                0,
                "",
                new Configuration.Global(1000, 1000, 1000, Labels.EMPTY),
                List.of(),
                List.of(groups),
                Optional.of(new AlertingConfig(300_000, root, Map.of("team", new Receiver("team", List.of(section))))),
                new AlertSendingConfig(relabel, List.of()),
                Optional.empty(),
                StorageConfig.DEFAULT,
                List.of());
        dispatch.apply(configuration);
        external.apply(configuration);
        rules.apply(configuration);
    }

    private static RuleGroup group(String name, String... alerts) {
        List<RuleGroup.Rule> all = new ArrayList<>();
        for (String alert : alerts) {
            all.add(new RuleGroup.Rule(Kind.ALERTING, alert, "up == 0", 1, 0, 0, Map.of(), Map.of()));
        }
        return new RuleGroup("rules.yml", name, INTERVAL_MS, 0, 0, all);
    }

    private Notification next() throws InterruptedException {
        Notification notification = taken.poll(20, TimeUnit.SECONDS);
        assertThat(notification).as("a notification within 20 s").isNotNull();
        return notification;
    }

    @Test
    void deliversWhatFiresAndWhatIsResolved() throws InterruptedException {
        dispatch.addChannel(channel, Map.of(AlertChannel.TYPE, "test"));
        engine.answer("up == 0", Labels.of("instance", "i"), 0);
        apply(group("g", "Down"));
        Notification firing = next();
        assertThat(firing.isResolved()).isFalse();
        assertThat(firing.alerts().get(0).labels()).isEqualTo(Labels.of("alertname", "Down", "instance", "i"));
        engine.answer("up == 0");
        assertThat(next().isResolved()).isTrue();
        assertThat(folder.resolve("narthex/alerts.db")).exists();
        assertThat(rules.groups().get(0).rules().get(0).health()).isEqualTo(Health.OK);
    }

    @Test
    void relabelsAlertsForTheAlertmanagerInTheBoxToo() throws InterruptedException {
        relabel = List.of(
                new RelabelConfig(List.of(), ";", "", Regex.compile("replica"), 0, "", RelabelConfig.Action.LABELDROP));
        dispatch.addChannel(channel, Map.of(AlertChannel.TYPE, "test"));
        engine.answer("up == 0", Labels.of("instance", "i", "replica", "a"), 0);
        apply(group("g", "Down"));
        assertThat(next().alerts().get(0).labels()).isEqualTo(Labels.of("alertname", "Down", "instance", "i"));
    }

    @Test
    void deliversOnceAChannelComes() throws InterruptedException {
        engine.answer("up == 0", Labels.EMPTY, 0);
        apply(group("g", "Down"));
        assertThat(taken.poll(300, TimeUnit.MILLISECONDS)).isNull();
        dispatch.addChannel(channel, Map.of(AlertChannel.TYPE, "test"));
        assertThat(next().alerts()).hasSize(1);
    }

    @Test
    void showsGroupsInOrderAndForgetsRemovedOnes() {
        engine.answer("up == 0");
        apply(group("b", "Down"), group("a", "Down"));
        assertThat(rules.groups()).extracting("name").containsExactly("a", "b");
        apply(group("b", "Down"));
        assertThat(rules.groups()).extracting("name").containsExactly("b");
    }

    @Test
    void measuresItself() {
        engine.answer("up == 0");
        apply(group("g", "Down"));
        List<String> names = new ArrayList<>();
        MetricSink sink = new MetricSink() {
            @Override
            public void family(String name, MetricType type, String help) {
                names.add(name);
            }

            @Override
            public void sample(String name, double value, String... labels) {
                assertThat(name).startsWith(names.get(names.size() - 1));
            }
        };
        rules.collect(sink);
        dispatch.collect(sink);
        assertThat(names)
                .doesNotHaveDuplicates()
                .contains("prometheus_rule_evaluations_total", "prometheus_rule_group_iterations_missed_total")
                .contains(
                        "prometheus_rule_group_last_rule_duration_sum_seconds",
                        "prometheus_rule_group_last_restore_duration_seconds")
                .contains("alertmanager_alerts", "narthex_alert_notifications_waiting");
    }
}
