package org.narthex.alert.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.query.QueryEngine;
import org.narthex.promql.TestLaboratory;
import org.narthex.storage.memory.MemoryStorage;

class RuleStepsTest {
    private static final QueryEngine ENGINE = TestLaboratory.engine(new MemoryStorage());

    /** {@code name = expression}; names with capitals are those of alerts. */
    private static List<List<String>> steps(String... rules) {
        List<ActiveRule> active = new ArrayList<>();
        RuleGroup group = new RuleGroup("f", "g", 1000, 0, 0, List.of());
        for (String rule : rules) {
            String[] parts = rule.split(" = ", 2);
            RuleGroup.Kind kind =
                    Character.isUpperCase(parts[0].charAt(0)) ? RuleGroup.Kind.ALERTING : RuleGroup.Kind.RECORDING;
            active.add(ActiveRule.of(
                    group, new RuleGroup.Rule(kind, parts[0], parts[1], 1, 0, 0, Map.of(), Map.of()), false));
        }
        return RuleSteps.of(active, ENGINE).stream()
                .map(step -> step.stream().map(rule -> rule.config().name()).toList())
                .toList();
    }

    @Test
    void independentRulesAreOneStep() {
        assertThat(steps("a = sum(x)", "b = rate(y[5m])", "C = vector(1)")).containsExactly(List.of("a", "b", "C"));
    }

    @Test
    void whatIsLookedAtComesFirstAndChainsOneByOne() {
        assertThat(steps("d = c", "a = x", "b = a", "c = b + a", "e = y", "F = sum by (j) (a) > 1"))
                .containsExactly(List.of("a", "e"), List.of("b"), List.of("c"), List.of("d", "F"));
    }

    @Test
    void alertsAreLookedAtByTheirNames() {
        assertThat(steps("Down = up == 0", "a = ALERTS{alertname=\"Down\"}", "b = ALERTS{alertname=\"Other\"}"))
                .containsExactly(List.of("Down", "b"), List.of("a"));
        assertThat(steps("Down = up == 0", "a = ALERTS_FOR_STATE")).containsExactly(List.of("Down"), List.of("a"));
        assertThat(steps("a = x", "b = {__name__=~\"a|z\"}")).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void oneByOneIfAnyMetricMayBeMeant() {
        assertThat(steps("a = x", "b = {job=\"j\"}", "c = y"))
                .containsExactly(List.of("a"), List.of("b"), List.of("c"));
    }
}
