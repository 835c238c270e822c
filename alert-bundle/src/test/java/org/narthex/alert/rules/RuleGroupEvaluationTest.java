package org.narthex.alert.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.narthex.alert.ExternalUrl;
import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.RuleStates;
import org.narthex.api.alert.RuleStates.State;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.config.RuleGroup.Kind;
import org.narthex.api.config.RuleGroup.Rule;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.SampleValue;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.Storage;
import org.narthex.storage.memory.MemoryStorage;
import org.narthex.testkit.FakeTracer;

class RuleGroupEvaluationTest {
    private static final long MINUTE = 60_000;

    private final FakeEngine engine = new FakeEngine();
    private final MemoryStorage storage = new MemoryStorage();
    private final List<RaisedAlert> raised = new ArrayList<>();
    private boolean engineThere = true;
    private boolean storageThere = true;

    private final RuleSettings settings = new RuleSettings(
            MINUTE,
            60 * MINUTE,
            10 * MINUTE,
            new ExternalUrl(new Flags(
                    name -> name.equals(Flag.WEB_EXTERNAL_URL.property()) ? "http://narthex.example" : null)));

    private Optional<Storage> storage() {
        return storageThere ? Optional.of(storage) : Optional.empty();
    }

    private Optional<QueryEngine> engine() {
        return engineThere ? Optional.of(engine) : Optional.empty();
    }

    private final RuleGroupEvaluation.Surroundings surroundings = new RuleGroupEvaluation.Surroundings(
            this::engine, this::storage, new HandOverQueue(this::storage, 1 << 20), raised::addAll, settings);

    private static Rule recording(String name, String expression) {
        return recording(name, expression, Map.of());
    }

    private static Rule recording(String name, String expression, Map<String, String> labels) {
        return new Rule(Kind.RECORDING, name, expression, 3, 0, 0, labels, Map.of());
    }

    private static Rule alerting(String name, String expression, long forMs, long keepFiringForMs) {
        return new Rule(
                Kind.ALERTING,
                name,
                expression,
                3,
                forMs,
                keepFiringForMs,
                Map.of("severity", "page"),
                Map.of("summary", "{{ $labels.instance }} is at {{ $value | humanize }}"));
    }

    private static Rule withoutData(RuleGroup.NoData what, long forMs) {
        Rule rule = alerting("Down", "x", forMs, 0);
        return new Rule(
                rule.kind(),
                rule.name(),
                rule.expression(),
                rule.line(),
                rule.forMs(),
                rule.keepFiringForMs(),
                rule.labels(),
                rule.annotations(),
                what);
    }

    @Test
    void endsAlertsWithoutDataUnlessToldOtherwise() {
        RuleGroupEvaluation group = evaluation(group(0, 0, withoutData(RuleGroup.NoData.OK, 0)));
        engine.answer("x", Labels.of("instance", "a"), 1);
        group.evaluate(0);
        engine.answer("x");
        engine.samples = 0;
        group.evaluate(MINUTE);
        assertThat(stateOfAlerts(group)).isEmpty();
    }

    @Test
    void keepsAlertsAsTheyAreWithoutData() {
        RuleGroupEvaluation group = evaluation(group(0, 0, withoutData(RuleGroup.NoData.KEEP, 2 * MINUTE)));
        engine.answer("x", Labels.of("instance", "a"), 1);
        group.evaluate(0);
        group.evaluate(2 * MINUTE);
        engine.answer("x", Labels.of("instance", "a"), 1, Labels.of("instance", "b"), 1);
        group.evaluate(3 * MINUTE);
        assertThat(stateOfAlerts(group)).containsExactly(State.FIRING, State.PENDING);
        engine.answer("x");
        engine.samples = 0;
        group.evaluate(9 * MINUTE);
        assertThat(stateOfAlerts(group)).as("nothing moves on").containsExactly(State.FIRING, State.PENDING);
        engine.samples = 1;
        group.evaluate(10 * MINUTE);
        assertThat(stateOfAlerts(group))
                .as("there is data, and nothing met the condition")
                .isEmpty();
    }

    @Test
    void raisesAnAlertWithoutDataIfThatIsWanted() {
        RuleGroupEvaluation group = evaluation(group(0, 0, withoutData(RuleGroup.NoData.ALERT, MINUTE)));
        engine.answer("x");
        engine.samples = 0;
        group.evaluate(0);
        group.evaluate(MINUTE);
        assertThat(alertingState(group).alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.labels()).isEqualTo(Labels.of("alertname", "Down", "no_data", "true", "severity", "page"));
            assertThat(alert.state()).isEqualTo(State.FIRING);
            assertThat(alert.annotations().get("summary")).isEqualTo(" is at NaN");
        });
        engine.samples = 1;
        group.evaluate(2 * MINUTE);
        assertThat(stateOfAlerts(group)).isEmpty();
    }

    private static RuleGroup group(int limit, long offsetMs, Rule... rules) {
        return new RuleGroup("rules.yml", "group", MINUTE, limit, offsetMs, List.of(rules));
    }

    @Test
    void evaluatesIndependentRulesAtOnceAndThoseThatLookAtThemLater() throws Exception {
        RuleWorkers workers = new RuleWorkers(1);
        RuleGroupEvaluation.Surroundings concurrent = new RuleGroupEvaluation.Surroundings(
                this::engine,
                this::storage,
                new HandOverQueue(this::storage, 1 << 20),
                raised::addAll,
                settings,
                Optional::empty,
                Optional.of(workers));
        engine.answer("x", Labels.EMPTY, 1);
        engine.answer("y", Labels.EMPTY, 2);
        engine.answer("a + b", Labels.EMPTY, 3);
        engine.selectors.put(
                "a + b",
                List.of(
                        List.of(Matcher.equal(Labels.METRIC_NAME, "a")),
                        List.of(Matcher.equal(Labels.METRIC_NAME, "b"))));
        RuleGroupEvaluation group = new RuleGroupEvaluation(
                group(0, 0, recording("sum", "a + b"), recording("a", "x"), recording("b", "y")),
                concurrent,
                Labels.EMPTY,
                false);
        // Neither of the first two can be answered before both are asked.
        CountDownLatch asked = new CountDownLatch(2);
        engine.before = timeMs -> {
            asked.countDown();
            try {
                assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        group.evaluate(0);
        workers.stop();
        assertThat(group.state().rules()).allMatch(rule -> rule.health() == RuleStates.Health.OK);
        assertThat(group.counters().lastSamples()).isEqualTo(3);
        assertThat(group.counters().evaluations()).isEqualTo(3);
    }

    @Test
    void eachRuleIsASpanWhileTracesAreWanted() {
        FakeTracer tracer = new FakeTracer();
        RuleGroupEvaluation.Surroundings traced = new RuleGroupEvaluation.Surroundings(
                this::engine,
                this::storage,
                new HandOverQueue(this::storage, 1 << 20),
                raised::addAll,
                settings,
                () -> Optional.of(tracer),
                Optional.empty());
        engine.answer("x", Labels.EMPTY, 1);
        new RuleGroupEvaluation(group(0, 0, recording("r", "x")), traced, Labels.EMPTY, false).evaluate(0);
        engineThere = false;
        new RuleGroupEvaluation(group(0, 0, recording("r", "x")), traced, Labels.EMPTY, false).evaluate(0);
        assertThat(tracer.ended()).extracting(FakeTracer.Ended::name).containsExactly("rule", "rule");
        assertThat(tracer.ended()).extracting(FakeTracer.Ended::failed).containsExactly(false, true);
        assertThat(tracer.ended().get(0).attributes()).containsEntry("name", "r");
    }

    private RuleGroupEvaluation evaluation(RuleGroup group) {
        return evaluation(group, false);
    }

    private RuleGroupEvaluation evaluation(RuleGroup group, boolean restore) {
        return new RuleGroupEvaluation(group, surroundings, Labels.of("region", "eu"), restore);
    }

    /** All samples of a metric as {@code labels time=value}. */
    private List<String> samples(String metric) throws IOException {
        List<String> found = new ArrayList<>();
        try (Querier querier = storage.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            SeriesSet set = querier.select(List.of(Matcher.equal(Labels.METRIC_NAME, metric)));
            SampleBuffer buffer = new SampleBuffer();
            for (int i = 0; i < set.size(); i++) {
                set.read(i, Long.MIN_VALUE, Long.MAX_VALUE, buffer);
                StringBuilder line = new StringBuilder(metric);
                Labels rest = set.labels(i).without(Labels.METRIC_NAME);
                line.append(rest.isEmpty() ? "" : rest.toString());
                for (int j = 0; j < buffer.size(); j++) {
                    double value = buffer.values()[j];
                    line.append(' ').append(buffer.timestampsMs()[j] / MINUTE).append('=');
                    line.append(StaleNaN.is(value) ? "stale" : SampleValue.format(value));
                }
                found.add(line.toString());
            }
        }
        return found;
    }

    private static RuleStates.Alerting alertingState(RuleGroupEvaluation group) {
        return (RuleStates.Alerting) group.state().rules().get(0);
    }

    private List<State> stateOfAlerts(RuleGroupEvaluation group) {
        return alertingState(group).alerts().stream()
                .map(RuleStates.ActiveAlert::state)
                .toList();
    }

    @Test
    void recordsTheResultUnderTheRulesNameAndLabels() throws IOException {
        RuleGroupEvaluation group =
                evaluation(group(0, 0, recording("job:up:sum", "sum(up) by (job)", Map.of("env", "prod", "drop", ""))));
        engine.answer(
                "sum(up) by (job)", Labels.of("__name__", "up", "job", "a"), 3, Labels.of("job", "b", "drop", "x"), 4);
        group.evaluate(5 * MINUTE);
        assertThat(samples("job:up:sum"))
                .containsExactly("job:up:sum{env=\"prod\", job=\"a\"} 5=3", "job:up:sum{env=\"prod\", job=\"b\"} 5=4");
    }

    @Test
    void recordsANumberAsASeriesWithoutLabels() throws IOException {
        RuleGroupEvaluation group = evaluation(group(0, 0, recording("answer", "42")));
        engine.answerScalar("42", 42);
        group.evaluate(MINUTE);
        assertThat(samples("answer")).containsExactly("answer 1=42");
    }

    @Test
    void endsSeriesThatVanishWithAStalenessMarker() throws IOException {
        RuleGroupEvaluation group = evaluation(group(0, 0, recording("r", "up")));
        engine.answer("up", Labels.of("job", "a"), 1, Labels.of("job", "b"), 1);
        group.evaluate(MINUTE);
        engine.answer("up", Labels.of("job", "a"), 1);
        group.evaluate(2 * MINUTE);
        group.evaluate(3 * MINUTE);
        assertThat(samples("r")).containsExactly("r{job=\"a\"} 1=1 2=1 3=1", "r{job=\"b\"} 1=1 2=stale");
    }

    @Test
    void queriesAndWritesEarlierByTheOffset() throws IOException {
        RuleGroupEvaluation group = evaluation(group(0, 2 * MINUTE, recording("r", "up")));
        engine.answer("up", Labels.EMPTY, 1);
        group.evaluate(5 * MINUTE);
        assertThat(engine.lastTimeMs).isEqualTo(3 * MINUTE);
        assertThat(samples("r")).containsExactly("r 3=1");
    }

    @Test
    void failsARuleWhoseLabelsMakeSeriesEqualAndGoesOnWithTheNext() throws IOException {
        RuleGroupEvaluation group =
                evaluation(group(0, 0, recording("r", "up", Map.of("job", "x")), recording("s", "up")));
        engine.answer("up", Labels.of("job", "a"), 1, Labels.of("job", "b"), 1);
        group.evaluate(MINUTE);
        RuleStates.Rule failed = group.state().rules().get(0);
        assertThat(failed.health()).isEqualTo(RuleStates.Health.ERR);
        assertThat(failed.lastError())
                .isEqualTo("vector contains metrics with the same labelset after applying rule labels");
        assertThat(samples("r")).isEmpty();
        assertThat(samples("s")).hasSize(2);
    }

    @Test
    void writesNothingWhenTheLimitIsExceeded() throws IOException {
        RuleGroupEvaluation group = evaluation(group(1, 0, recording("r", "up")));
        engine.answer("up", Labels.of("job", "a"), 1, Labels.of("job", "b"), 1);
        group.evaluate(MINUTE);
        assertThat(group.state().rules().get(0).lastError()).isEqualTo("exceeded limit of 1 with 2 series");
        assertThat(samples("r")).isEmpty();
    }

    @Test
    void goesFromPendingToFiringToResolved() throws IOException {
        RuleGroupEvaluation group = evaluation(group(0, 0, alerting("Down", "up == 0", 2 * MINUTE, 0)));
        engine.answer("up == 0", Labels.of("__name__", "up", "instance", "i"), 1500);
        group.evaluate(10 * MINUTE);
        assertThat(stateOfAlerts(group)).containsExactly(State.PENDING);
        assertThat(raised).isEmpty();
        group.evaluate(11 * MINUTE);
        group.evaluate(12 * MINUTE);
        assertThat(stateOfAlerts(group)).containsExactly(State.FIRING);
        assertThat(raised).hasSize(1);
        RaisedAlert firing = raised.get(0);
        assertThat(firing.alert().labels())
                .isEqualTo(Labels.of("alertname", "Down", "instance", "i", "region", "eu", "severity", "page"));
        assertThat(firing.alert().annotations()).isEqualTo(Labels.of("summary", "i is at 1.5k"));
        assertThat(firing.alert().startsAtMs()).isEqualTo(12 * MINUTE);
        assertThat(firing.alert().generatorUrl())
                .isEqualTo("http://narthex.example/graph?g0.expr=up+%3D%3D+0&g0.tab=1");
        assertThat(firing.validUntilMs()).isEqualTo(16 * MINUTE);

        engine.answer("up == 0");
        group.evaluate(13 * MINUTE);
        assertThat(stateOfAlerts(group)).isEmpty();
        assertThat(raised).hasSize(2);
        assertThat(raised.get(1).alert().endsAtMs()).isEqualTo(13 * MINUTE);
        assertThat(samples("ALERTS"))
                .containsExactly(
                        "ALERTS{alertname=\"Down\", alertstate=\"firing\", instance=\"i\", severity=\"page\"} 12=1 13=stale",
                        "ALERTS{alertname=\"Down\", alertstate=\"pending\", instance=\"i\", severity=\"page\"} 10=1 11=1 12=stale");
        assertThat(samples("ALERTS_FOR_STATE"))
                .containsExactly(
                        "ALERTS_FOR_STATE{alertname=\"Down\", instance=\"i\", severity=\"page\"} 10=600 11=600 12=600 13=stale");
    }

    @Test
    void raisesResolvedAlertsAgainForFifteenMinutes() {
        RuleGroupEvaluation group = evaluation(group(0, 0, alerting("Down", "up == 0", 0, 0)));
        engine.answer("up == 0", Labels.EMPTY, 1);
        group.evaluate(MINUTE);
        engine.answer("up == 0");
        for (int minute = 2; minute < 40; minute++) {
            group.evaluate(minute * MINUTE);
        }
        long lastResent = raised.size();
        assertThat(lastResent).isBetween(8L, 17L);
        assertThat(raised.get((int) lastResent - 1).alert().endsAtMs()).isEqualTo(2 * MINUTE);
    }

    @Test
    void keepsFiringForAsLongAsTold() {
        RuleGroupEvaluation group = evaluation(group(0, 0, alerting("Down", "up == 0", 0, 3 * MINUTE)));
        engine.answer("up == 0", Labels.EMPTY, 1);
        group.evaluate(MINUTE);
        engine.answer("up == 0");
        group.evaluate(2 * MINUTE);
        group.evaluate(4 * MINUTE);
        assertThat(stateOfAlerts(group)).containsExactly(State.FIRING);
        assertThat(alertingState(group).alerts().get(0).keepFiringSinceMs()).isEqualTo(2 * MINUTE);
        group.evaluate(5 * MINUTE);
        assertThat(stateOfAlerts(group)).isEmpty();
    }

    @Test
    void dropsAllAlertsWhenTheLimitIsExceeded() {
        RuleGroupEvaluation group = evaluation(group(1, 0, alerting("Down", "up == 0", 0, 0)));
        engine.answer("up == 0", Labels.of("i", "1"), 1, Labels.of("i", "2"), 1);
        group.evaluate(MINUTE);
        assertThat(stateOfAlerts(group)).isEmpty();
        assertThat(alertingState(group).lastError()).isEqualTo("exceeded limit of 1 with 2 alerts");
    }

    @Test
    void putsTheErrorOfATemplateIntoTheText() {
        Rule rule = new Rule(Kind.ALERTING, "A", "up", 1, 0, 0, Map.of(), Map.of("summary", "{{ $labels | toUpper }}"));
        RuleGroupEvaluation group = evaluation(group(0, 0, rule));
        engine.answer("up", Labels.EMPTY, 1);
        group.evaluate(MINUTE);
        assertThat(raised.get(0).alert().annotations().get("summary"))
                .startsWith("<error expanding template: error executing template __alert_A: ");
    }

    @Test
    void saysWhatIsMissingAndKeepsAlertsUpWithoutAnEngine() {
        RuleGroupEvaluation group = evaluation(group(0, 0, alerting("Down", "up == 0", 0, 0)));
        engine.answer("up == 0", Labels.EMPTY, 1);
        group.evaluate(MINUTE);
        engineThere = false;
        group.evaluate(3 * MINUTE);
        assertThat(alertingState(group).health()).isEqualTo(RuleStates.Health.ERR);
        assertThat(alertingState(group).lastError()).contains("query engine");
        assertThat(raised).hasSize(2);
        assertThat(raised.get(1).alert().isResolved()).isFalse();
    }

    @Test
    void keepsSamplesUntilAStorageIsThere() throws IOException {
        RuleGroupEvaluation group = evaluation(group(0, 0, recording("r", "up")));
        engine.answer("up", Labels.EMPTY, 1);
        storageThere = false;
        group.evaluate(MINUTE);
        storageThere = true;
        group.evaluate(2 * MINUTE);
        assertThat(samples("r")).containsExactly("r 1=1 2=1");
    }

    @Test
    void goesOnWithPendingAlertsAfterARestart() throws IOException {
        RuleGroup config = group(0, 0, alerting("Slow", "slow", 20 * MINUTE, 0));
        engine.answer("slow", Labels.of("i", "1"), 1);
        RuleGroupEvaluation before = evaluation(config);
        for (int minute = 100; minute <= 105; minute++) {
            before.evaluate(minute * MINUTE);
        }
        RuleGroupEvaluation after = evaluation(config, true);
        after.evaluate(110 * MINUTE);
        assertThat(samples("ALERTS").get(0)).doesNotContain("110=");
        after.evaluate(111 * MINUTE);
        // Six minutes it was away do not count towards `for`.
        assertThat(alertingState(after).alerts().get(0).activeAtMs()).isEqualTo(106 * MINUTE);
        after.evaluate(112 * MINUTE);
        assertThat(samples("ALERTS").get(0)).contains("112=1");
    }

    /**
     * Since when an alert is active once its state is restored, in minutes; it was active from minute 100 on.
     *
     * @param untilMinute of the last evaluation before the restart
     * @param againMinute of the first one after it
     */
    private long activeSince(long forMinutes, int untilMinute, int againMinute) {
        RuleGroup config = group(0, 0, alerting("Slow", "slow", forMinutes * MINUTE, 0));
        engine.answer("slow", Labels.of("i", "1"), 1);
        RuleGroupEvaluation before = evaluation(config);
        for (int minute = 100; minute <= untilMinute; minute++) {
            before.evaluate(minute * MINUTE);
        }
        RuleGroupEvaluation after = evaluation(config, true);
        after.evaluate(againMinute * MINUTE);
        after.evaluate((againMinute + 1) * MINUTE);
        return alertingState(after).alerts().get(0).activeAtMs() / MINUTE;
    }

    @Test
    void givesWhatWasAboutToFireTheGracePeriod() {
        assertThat(activeSince(20, 115, 130))
                .as("five minutes were left, ten are the grace period")
                .isEqualTo(131 + 10 - 20);
    }

    @Test
    void forgetsWhatWasBeforeALongOutage() {
        assertThat(activeSince(20, 105, 200)).isEqualTo(200);
    }

    @Test
    void restoresNothingWhereForIsShorterThanTheGracePeriod() {
        assertThat(activeSince(9, 105, 110)).isEqualTo(110);
    }

    @Test
    void beginsAnewWithWhatWasOverBeforeTheRestart() {
        RuleGroup config = group(0, 0, alerting("Slow", "slow", 20 * MINUTE, 0));
        RuleGroupEvaluation before = evaluation(config);
        engine.answer("slow", Labels.of("i", "1"), 1);
        before.evaluate(100 * MINUTE);
        engine.answer("slow");
        before.evaluate(101 * MINUTE);
        engine.answer("slow", Labels.of("i", "1"), 1);
        RuleGroupEvaluation after = evaluation(config, true);
        after.evaluate(105 * MINUTE);
        after.evaluate(106 * MINUTE);
        assertThat(alertingState(after).alerts().get(0).activeAtMs()).isEqualTo(105 * MINUTE);
    }

    @Test
    void firesAtOnceAfterARestartWhatFiredBefore() {
        RuleGroup config = group(0, 0, alerting("Slow", "slow", 20 * MINUTE, 0));
        engine.answer("slow", Labels.of("i", "1"), 1);
        RuleGroupEvaluation before = evaluation(config);
        for (int minute = 100; minute <= 125; minute++) {
            before.evaluate(minute * MINUTE);
        }
        RuleGroupEvaluation after = evaluation(config, true);
        after.evaluate(130 * MINUTE);
        after.evaluate(131 * MINUTE);
        after.evaluate(132 * MINUTE);
        assertThat(stateOfAlerts(after)).containsExactly(State.FIRING);
    }

    @Test
    void copiesStateByNameAndLabelsWhenTheGroupChanges() throws IOException {
        RuleGroupEvaluation before =
                evaluation(group(0, 0, alerting("Down", "down", 5 * MINUTE, 0), recording("old", "down")));
        engine.answer("down", Labels.EMPTY, 1);
        engine.answer("down2", Labels.EMPTY, 1);
        before.evaluate(MINUTE);
        RuleGroupEvaluation after = evaluation(group(0, 0, alerting("Down", "down2", 5 * MINUTE, 0)));
        after.copyStateOf(before);
        after.evaluate(2 * MINUTE);
        assertThat(alertingState(after).alerts().get(0).activeAtMs()).isEqualTo(MINUTE);
        assertThat(samples("old")).containsExactly("old 1=1 2=stale");
    }

    @Test
    void endsAllSeriesOfARemovedGroup() throws IOException {
        RuleGroupEvaluation group = evaluation(group(0, 0, recording("r", "up")));
        engine.answer("up", Labels.EMPTY, 1);
        group.evaluate(MINUTE);
        group.endAll(3 * MINUTE);
        assertThat(samples("r")).containsExactly("r 1=1 3=stale");
    }
}
