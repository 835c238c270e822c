package org.narthex.alert.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.narthex.alert.ExternalUrl;
import org.narthex.api.alert.RuleTimeMachine.Episode;
import org.narthex.api.alert.RuleTimeMachine.Filled;
import org.narthex.api.config.Flags;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.config.RuleGroup.Kind;
import org.narthex.api.config.RuleGroup.Rule;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.storage.memory.MemoryStorage;

class TimeMachineTest {
    private static final long MINUTE = 60_000;
    private static final Labels A = Labels.of("instance", "a");

    private final FakeEngine engine = new FakeEngine();
    private final MemoryStorage storage = new MemoryStorage();
    private final EvaluationScope scope = new EvaluationScope(engine, Labels.EMPTY, "http://n");

    private final RuleGroupEvaluation.Surroundings surroundings = new RuleGroupEvaluation.Surroundings(
            () -> Optional.of(engine),
            () -> Optional.of(storage),
            new HandOverQueue(() -> Optional.of(storage), 1 << 20),
            alerts -> {
                throw new IllegalStateException("nobody is told of the past");
            },
            new RuleSettings(
                    MINUTE, 60 * MINUTE, 10 * MINUTE, 60 * MINUTE, 0, new ExternalUrl(new Flags(name -> null))));

    /** The expression has a result in minutes 2 to 5 and 7, and one of another instance from minute 9 on. */
    private void answerByTime() {
        engine.answer("x");
        engine.before = timeMs -> {
            long minute = timeMs / MINUTE;
            if ((minute >= 2 && minute <= 5) || minute == 7) {
                engine.answer("x", A, (int) minute);
            } else if (minute >= 9) {
                engine.answer("x", Labels.of("instance", "b"), 1);
            } else {
                engine.answer("x");
            }
        };
    }

    private static Rule alerting(long forMs) {
        return new Rule(
                Kind.ALERTING, "Down", "x", 1, forMs, 0, Map.of("severity", "page"), Map.of("at", "{{ $value }}"));
    }

    @Test
    void showsWhenARuleWouldHaveFired() throws QueryException {
        answerByTime();
        List<Episode> episodes = TimeMachine.preview(scope, alerting(2 * MINUTE), 0, 10 * MINUTE, MINUTE);
        Labels a = Labels.of("alertname", "Down", "instance", "a", "severity", "page");
        Labels b = Labels.of("alertname", "Down", "instance", "b", "severity", "page");
        assertThat(episodes)
                .containsExactly(
                        new Episode(a, Labels.of("at", "4"), 2 * MINUTE, 4 * MINUTE, 6 * MINUTE),
                        new Episode(a, Labels.of("at", "7"), 7 * MINUTE, 0, 8 * MINUTE),
                        new Episode(b, Labels.of("at", "1"), 9 * MINUTE, 0, 0));
    }

    @Test
    void refusesRangesThatAreTooLong() {
        engine.answer("x");
        assertThatThrownBy(() -> TimeMachine.preview(scope, alerting(0), 0, 11_000 * MINUTE, MINUTE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("more than 11000 evaluation times");
        assertThatThrownBy(() -> TimeMachine.preview(scope, alerting(0), 1, 0, MINUTE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TimeMachine.preview(
                        scope, new Rule(Kind.ALERTING, "A", "nosuch", 1, 0, 0, Map.of(), Map.of()), 0, 1, 1))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("nosuch");
    }

    private static RuleGroup group(Rule... rules) {
        return new RuleGroup("f.yml", "g", MINUTE, 0, 0, List.of(rules));
    }

    private static Rule recording(String name, String expression) {
        return new Rule(Kind.RECORDING, name, expression, 1, 0, 0, Map.of(), Map.of());
    }

    private List<Long> times(String metric) throws IOException {
        List<Long> times = new ArrayList<>();
        try (Querier querier = storage.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            SeriesSet found = querier.select(List.of(Matcher.equal(Labels.METRIC_NAME, metric)));
            SampleBuffer samples = new SampleBuffer();
            for (int i = 0; i < found.size(); i++) {
                found.read(i, Long.MIN_VALUE, Long.MAX_VALUE, samples);
                for (int j = 0; j < samples.size(); j++) {
                    times.add(samples.timestampsMs()[j] / MINUTE);
                }
            }
        }
        return times;
    }

    @Test
    void fillsInWhatANewRuleWouldHaveRecorded() throws IOException {
        answerByTime();
        RuleGroup group =
                TimeMachine.recording(group(recording("a:x", "x"), recording("b:x", "x"), alerting(0)), "a:x");
        Filled filled = TimeMachine.backfill(group, surroundings, Labels.EMPTY, 0, 7 * MINUTE - 1);
        assertThat(filled.failures()).isZero();
        assertThat(filled.samples()).isEqualTo(4);
        assertThat(filled.evaluations()).isEqualTo(7);
        // Minutes 2 to 5 and the marker of their end, at the group's own phase.
        assertThat(times("a:x")).hasSize(5);
        assertThat(times("b:x")).isEmpty();
        Filled again = TimeMachine.backfill(group, surroundings, Labels.EMPTY, 0, 4 * MINUTE);
        assertThat(again.failures())
                .as("what is there already is refused or the same")
                .isLessThanOrEqualTo(7);
        assertThat(times("a:x")).hasSize(5);
    }

    @Test
    void saysWhyItFailed() {
        Filled filled = TimeMachine.backfill(
                TimeMachine.recording(group(recording("a:x", "nosuch")), ""),
                surroundings,
                Labels.EMPTY,
                0,
                2 * MINUTE);
        assertThat(filled.failures()).isEqualTo(filled.evaluations());
        assertThat(filled.firstError()).isEqualTo("a:x: unknown expression nosuch");
    }

    @Test
    void makesUpForWhatWasMissedWhileNobodyWasThere() throws IOException {
        engine.answer("x", A, 1);
        SampleBatch before = new SampleBatch();
        before.add(Labels.of("__name__", "a:x", "instance", "a"), 100 * MINUTE, 1);
        new HandOverQueue(() -> Optional.of(storage), 1 << 20).append(before);
        long phase = GroupSchedule.of("f.yml", "g", MINUTE).offsetMs();
        RuleGroupEvaluation group =
                new RuleGroupEvaluation(group(recording("a:x", "x")), surroundings, Labels.EMPTY, true);
        group.evaluate(110 * MINUTE + phase);
        assertThat(times("a:x")).hasSizeBetween(11, 12);
        group.evaluate(111 * MINUTE + phase);
        assertThat(times("a:x")).as("only once").hasSizeBetween(12, 13);
    }

    @Test
    void makesUpForNothingThatNeverWas() throws IOException {
        engine.answer("x", A, 1);
        RuleGroupEvaluation group =
                new RuleGroupEvaluation(group(recording("a:x", "x")), surroundings, Labels.EMPTY, true);
        group.evaluate(110 * MINUTE);
        assertThat(times("a:x")).containsExactly(110L);
    }
}
