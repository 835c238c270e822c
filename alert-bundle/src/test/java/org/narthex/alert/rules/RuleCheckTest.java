package org.narthex.alert.rules;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.config.RuleGroup.Kind;

class RuleCheckTest {
    private final FakeEngine engine = new FakeEngine();

    private static RuleGroup group(String expression, String annotation) {
        return new RuleGroup(
                "rules.yml",
                "g",
                1000,
                0,
                0,
                List.of(new RuleGroup.Rule(
                        Kind.ALERTING, "Down", expression, 7, 0, 0, Map.of(), Map.of("summary", annotation))));
    }

    @Test
    void namesFileLineAndRuleOfABadExpression() {
        assertThatThrownBy(() -> new RuleCheck(Optional.of(engine)).check(group("up ==", "fine")))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "rules.yml:7: group \"g\", rule \"Down\": could not parse expression: unknown expression up ==");
    }

    @Test
    void namesFileLineAndKeyOfABadTemplate() {
        assertThatThrownBy(() -> new RuleCheck(Optional.empty()).check(group("up", "{{ $lables.job }}")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("rules.yml:7: group \"g\", rule \"Down\": annotation \"summary\": "
                        + "template: __alert_Down:1: undefined variable \"$lables\"");
    }

    @Test
    void acceptsExpressionsAsLongAsThereIsNoEngine() throws ConfigException {
        new RuleCheck(Optional.empty()).check(group("whatever", "fine"));
    }
}
