package org.narthex.alert.ruletest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.narthex.alert.Json;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.PromDuration;
import org.narthex.promql.TestLaboratory;
import org.narthex.storage.memory.MemoryStorage;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

class RuleTestsTest {
    private final RuleTests tests = new RuleTests(() -> {
        MemoryStorage storage = new MemoryStorage();
        return new Laboratory(storage, TestLaboratory.engine(storage));
    });

    private static ConfigNode yaml(String text) {
        LoadSettings settings =
                LoadSettings.builder().setSchema(new FailsafeSchema()).build();
        return node("", new Load(settings).loadFromString(text));
    }

    private static ConfigNode node(String path, Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, ConfigNode> entries = new LinkedHashMap<>();
            map.forEach((key, each) -> entries.put((String) key, node(path + "." + key, each)));
            return ConfigNode.mapping("test.yml", 1, path, entries);
        }
        if (value instanceof List<?> list) {
            List<ConfigNode> items = new ArrayList<>();
            list.forEach(each -> items.add(node(path + "[]", each)));
            return ConfigNode.sequence("test.yml", 1, path, items);
        }
        return ConfigNode.scalar("test.yml", 1, path, value == null ? "" : value.toString());
    }

    /** Reads rules as far as the cases need it, and overlooks other keys, as one of the cases wants. */
    private static List<RuleGroup> groups(ConfigNode file, long intervalMs) throws ConfigException {
        List<RuleGroup> groups = new ArrayList<>();
        for (ConfigNode group : file.list("groups")) {
            List<RuleGroup.Rule> rules = new ArrayList<>();
            for (ConfigNode rule : group.list("rules")) {
                String record = rule.string("record", "");
                rules.add(new RuleGroup.Rule(
                        record.isEmpty() ? RuleGroup.Kind.ALERTING : RuleGroup.Kind.RECORDING,
                        record.isEmpty() ? rule.string("alert", "") : record,
                        rule.string("expr", ""),
                        1,
                        PromDuration.parse(rule.string("for", "0s")),
                        0,
                        rule.stringMap("labels"),
                        rule.stringMap("annotations")));
            }
            groups.add(new RuleGroup(
                    "rules.yml", group.string("name", ""), group.durationMs("interval", intervalMs), 0, 0, rules));
        }
        return groups;
    }

    private List<String> run(Path file, List<Pattern> names) throws IOException, ConfigException {
        ConfigNode test = yaml(Files.readString(file));
        List<RuleGroup> groups = new ArrayList<>();
        for (String name : RuleTests.ruleFiles(test)) {
            ConfigNode rules = yaml(Files.readString(file.resolveSibling(name)));
            groups.addAll(groups(rules, RuleTests.evaluationIntervalMs(test)));
        }
        return tests.run(test, groups, names);
    }

    @Test
    void agreesWithPromtool() throws Exception {
        Map<?, ?> expected = (Map<?, ?>) Json.conformance("config", "promtool", "expected.json");
        Path folder = Path.of(System.getProperty("conformance.dir"), "config", "promtool", "testdata");
        List<String> wrong = new ArrayList<>();
        int ran = 0;
        for (Object each : (List<?>) expected.get("unit_tests")) {
            Map<?, ?> one = (Map<?, ?>) each;
            if (Boolean.FALSE.equals(one.get("applies_to_current_promtool"))) {
                continue;
            }
            List<Pattern> names = new ArrayList<>();
            if (one.get("run") instanceof List<?> run) {
                run.forEach(name -> names.add(Pattern.compile((String) name)));
            }
            List<String> failures = new ArrayList<>();
            for (Object file : (List<?>) one.get("files")) {
                failures.addAll(run(folder.resolve((String) file), names));
            }
            ran++;
            if (failures.isEmpty() != Boolean.TRUE.equals(one.get("pass"))) {
                wrong.add(one.get("name") + ": " + failures);
            }
        }
        assumeTrue(ran > 0, "no cases");
        assertThat(ran).isGreaterThanOrEqualTo(16);
        assertThat(wrong).isEmpty();
    }

    private List<String> run(String test, String rules) throws ConfigException {
        return tests.run(yaml(test), groups(yaml(rules), 60_000), List.of());
    }

    @Test
    void saysWhatWasExpectedAndWhatCame() throws ConfigException {
        List<String> failures = run("""
                        tests:
                        - name: mine
                          interval: 1m
                          input_series: [{series: 'up{job="a"}', values: '1 0x5'}]
                          alert_rule_test:
                          - {eval_time: 3m, alertname: Down, exp_alerts: [{exp_labels: {job: b}}]}
                          promql_expr_test:
                          - {expr: 'up * 2', eval_time: 0, exp_samples: [{labels: '{job="a"}', value: 3}]}
                          - {expr: 'up[1m]', eval_time: 0}
                        """, """
                        groups: [{name: g, rules: [{alert: Down, expr: up == 0, for: 1m}]}]
                        """);
        assertThat(failures)
                .containsExactly(
                        "mine: alertname: Down, time: 3m, exp:[Labels:{alertname=\"Down\", job=\"b\"} Annotations:{}], "
                                + "got:[Labels:{alertname=\"Down\", job=\"a\"} Annotations:{}]",
                        "mine: expr: \"up * 2\", time: 0, exp: [{job=\"a\"} 3.0], got: [{job=\"a\"} 2.0]",
                        "mine: expr: \"up[1m]\", time: 0, err: the result is neither a vector nor a number");
    }

    @Test
    void refusesFilesThatAreNotValid() {
        assertThatThrownBy(() -> run("tests: [{inptu_series: []}]", "groups: []"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("did you mean input_series?");
        assertThatThrownBy(() -> run("group_eval_order: [x]", "groups: []"))
                .hasMessageContaining("there is no group x");
    }

    @Test
    void readsTheNotationOfSamples() {
        assertThat(SeriesValues.parse("1+2x2 _x2 -1.5e1 3-1x1 stale 7x1"))
                .extracting(value -> value.omitted() ? "_" : String.valueOf(value.number()))
                .containsExactly("1.0", "3.0", "5.0", "_", "_", "-15.0", "3.0", "2.0", "NaN", "7.0", "7.0");
        assertThat(SeriesValues.parse("{{sum:3 count:2 buckets:[2]}}+{{sum:1 count:1 buckets:[1]}}x1"))
                .extracting(value -> value.histogram().count())
                .containsExactly(2.0, 3.0);
        assertThatThrownBy(() -> SeriesValues.parse("1 2y3")).hasMessage("cannot read the values from \"2y3\"");
    }
}
