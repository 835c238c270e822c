package org.narthex.alert.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBatch;

class RecordingRuleTest {
    private static final Histogram HISTOGRAM = Histogram.ofFloats(
            Histogram.ResetHint.GAUGE,
            0,
            0,
            0,
            3,
            4.5,
            new int[] {1, 1},
            new double[] {3},
            new int[0],
            new double[0],
            new double[0]);

    private final FakeEngine engine = new FakeEngine();

    @Test
    void recordsHistogramsAsTheyAre() throws Exception {
        engine.answer("rate(h[5m])", Labels.of("job", "a"), HISTOGRAM);
        RuleGroup.Rule config = new RuleGroup.Rule(
                RuleGroup.Kind.RECORDING, "h:rate", "rate(h[5m])", 3, 0, 0, Map.of("team", "x"), Map.of());
        RuleGroup group = new RuleGroup("rules.yml", "group", 60_000, 0, 0, List.of(config));
        SampleBatch batch = new SampleBatch();
        new RecordingRule(group, config).evaluate(new EvaluationScope(engine, Labels.EMPTY, ""), 60_000, batch);
        assertThat(engine.lastOrigin).isEqualTo(Map.of("ruleGroup.file", "rules.yml", "ruleGroup.name", "group"));
        assertThat(batch.size()).isEqualTo(1);
        assertThat(batch.labels(0)).isEqualTo(Labels.of("__name__", "h:rate", "job", "a", "team", "x"));
        assertThat(batch.timestampMs(0)).isEqualTo(60_000);
        assertThat(batch.histogram(0)).isSameAs(HISTOGRAM);
    }
}
