package org.narthex.alert.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.alert.Json;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.config.AlertingConfig.InhibitRule;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** Alertmanager's own cases of inhibition. */
class InhibitionConformanceTest {
    private static Map<String, Object> cases() throws IOException {
        return map(Json.conformance("alertmanager", "inhibition.json"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(Object value) {
        return (List<Map<String, Object>>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<String> texts(Object value) {
        return value == null ? List.of() : (List<String>) value;
    }

    private static InhibitRule rule(Map<String, Object> rule) {
        return new InhibitRule("", matchers(rule, "source"), matchers(rule, "target"), texts(rule.get("equal")));
    }

    private static List<Matcher> matchers(Map<String, Object> rule, String side) {
        List<Matcher> matchers = new ArrayList<>();
        map(rule.get(side + "_match")).forEach((name, value) -> matchers.add(Matcher.equal(name, (String) value)));
        texts(rule.get(side + "_matchers")).forEach(text -> matchers.addAll(AlertMatchers.parse(text)));
        return matchers;
    }

    private static Labels labels(Object value) {
        Map<String, String> labels = new HashMap<>();
        map(value).forEach((name, text) -> labels.put(name, (String) text));
        return Labels.of(labels);
    }

    private static StoredAlert alert(Object labels, boolean resolved) {
        return new StoredAlert(new Alert(labels(labels), Labels.EMPTY, 1, resolved ? 2 : 0, ""), 3, 1);
    }

    @Test
    void inhibitsAsAlertmanagerDoes() throws IOException {
        int ran = 0;
        for (Map<String, Object> test : maps(cases().get("tests"))) {
            Inhibitor inhibitor = new Inhibitor(maps(test.get("rules")).stream()
                    .map(InhibitionConformanceTest::rule)
                    .toList());
            for (Object source : maps(test.get("active_source_alerts"))) {
                inhibitor.add(alert(source, false));
            }
            for (Map<String, Object> one : maps(test.get("cases"))) {
                ran++;
                assertThat(inhibitor.inhibiting(labels(one.get("target"))).isEmpty())
                        .as("%s %s", test.get("name"), one)
                        .isEqualTo(!(Boolean) one.get("muted"));
            }
        }
        assertThat(ran).isGreaterThanOrEqualTo(16);
    }

    @Test
    void followsTheLifeOfSources() throws IOException {
        for (Map<String, Object> test : maps(cases().get("hasEqual_and_lifecycle"))) {
            Inhibitor inhibitor = new Inhibitor(List.of(rule(map(test.get("rule")))));
            Map<Labels, StoredAlert> known = new HashMap<>();
            for (Map<String, Object> one : maps(test.get("alerts"))) {
                StoredAlert alert = alert(one.get("labels"), (Boolean) one.get("resolved"));
                StoredAlert before = known.putIfAbsent(alert.alert.labels(), alert);
                if (before == null) {
                    inhibitor.add(alert);
                } else {
                    before.update(alert.alert, 3, false, 2);
                }
            }
            for (Map<String, Object> one : maps(test.get("expected"))) {
                assertThat(inhibitor.inhibiting(labels(one.get("labels"))).isEmpty())
                        .as("%s %s", test.get("name"), one)
                        .isEqualTo(!(Boolean) one.get("muted"));
            }
        }
    }
}
