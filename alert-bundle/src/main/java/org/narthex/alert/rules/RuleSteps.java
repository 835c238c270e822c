package org.narthex.alert.rules;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;

/**
 * In which steps the rules of a group may be evaluated, as Prometheus does with the feature {@code concurrent-rule-eval}: first, together, all that look
 * at no other rule's series; then one by one those that others look at in turn; then, together, the rest.
 */
final class RuleSteps {
    private RuleSteps() {}

    /** Each rule after the one before it. */
    static List<List<ActiveRule>> oneByOne(List<ActiveRule> rules) {
        return rules.stream().map(List::of).toList();
    }

    /** One by one as well if it cannot be told which series a rule looks at. */
    static List<List<ActiveRule>> of(List<ActiveRule> rules, QueryEngine engine) {
        List<List<List<Matcher>>> selectors = new ArrayList<>();
        for (ActiveRule rule : rules) {
            try {
                selectors.add(engine.selectors(rule.config().expression()));
            } catch (QueryException e) {
                return oneByOne(rules);
            }
        }
        boolean known = selectors.stream().flatMap(List::stream).allMatch(RuleSteps::namesItsMetric);
        return known ? of(rules, selectors) : oneByOne(rules);
    }

    private static List<List<ActiveRule>> of(List<ActiveRule> rules, List<List<List<Matcher>>> selectors) {
        int count = rules.size();
        boolean[] looks = new boolean[count];
        boolean[] isLookedAt = new boolean[count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                RuleGroup.Rule other = rules.get(j).config();
                if (i != j && selectors.get(i).stream().anyMatch(selector -> mayFind(selector, other))) {
                    looks[i] = true;
                    isLookedAt[j] = true;
                }
            }
        }
        List<ActiveRule> first = new ArrayList<>();
        List<List<ActiveRule>> steps = new ArrayList<>();
        List<ActiveRule> last = new ArrayList<>();
        steps.add(first);
        for (int i = 0; i < count; i++) {
            if (!looks[i]) {
                first.add(rules.get(i));
            } else if (isLookedAt[i]) {
                steps.add(List.of(rules.get(i)));
            } else {
                last.add(rules.get(i));
            }
        }
        steps.add(last);
        steps.removeIf(List::isEmpty);
        return steps;
    }

    private static boolean namesItsMetric(List<Matcher> selector) {
        return selector.stream().anyMatch(matcher -> matcher.name().equals(Labels.METRIC_NAME));
    }

    /** Whether what the rule writes may be among what the selector finds. */
    private static boolean mayFind(List<Matcher> selector, RuleGroup.Rule rule) {
        if (rule.kind() == RuleGroup.Kind.RECORDING) {
            return allows(selector, Labels.METRIC_NAME, rule.name());
        }
        return allows(selector, AlertingRule.ALERT_NAME, rule.name())
                && (allows(selector, Labels.METRIC_NAME, AlertingRule.ALERTS)
                        || allows(selector, Labels.METRIC_NAME, AlertingRule.ALERTS_FOR_STATE));
    }

    private static boolean allows(List<Matcher> selector, String name, String value) {
        return selector.stream()
                .filter(matcher -> matcher.name().equals(name))
                .allMatch(matcher -> matcher.matches(value));
    }
}
