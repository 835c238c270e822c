package org.narthex.alert.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.api.config.RuleGroup;
import org.narthex.promql.TestLaboratory;
import org.narthex.storage.memory.MemoryStorage;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The steps of Prometheus' own rule files; the sizes of the steps are those that the comments in the files tell of. */
class RuleStepsConformanceTest {
    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(Object list) {
        return (List<Map<String, Object>>) list;
    }

    @ParameterizedTest
    @CsvSource({
        "rules_multiple, 4 2",
        "rules_multiple_independent, 8",
        "rules_multiple_dependents_on_base, 2 6",
        "rules_chain, 2 1 1 3",
        "rules_dependencies, 1 1",
        "rules_indeterminates, 1 1 1 1 1 1 1",
    })
    void stepsAreThoseOfPrometheus(String file, String sizes) throws IOException {
        Path path = Path.of(System.getProperty("conformance.dir", ""), "config/rules/fixtures", file + ".yaml");
        assumeTrue(Files.exists(path), "no conformance cases at " + path);
        Object root = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(path));
        RuleGroup group = new RuleGroup("f", "g", 1000, 0, 0, List.of());
        List<ActiveRule> rules = new ArrayList<>();
        for (Map<String, Object> rule :
                maps(maps(((Map<?, ?>) root).get("groups")).get(0).get("rules"))) {
            boolean records = rule.containsKey("record");
            RuleGroup.Kind kind = records ? RuleGroup.Kind.RECORDING : RuleGroup.Kind.ALERTING;
            String name = (String) rule.get(records ? "record" : "alert");
            String expression = (String) rule.get("expr");
            rules.add(ActiveRule.of(
                    group, new RuleGroup.Rule(kind, name, expression, 1, 0, 0, Map.of(), Map.of()), false));
        }
        List<String> found = RuleSteps.of(rules, TestLaboratory.engine(new MemoryStorage())).stream()
                .map(step -> String.valueOf(step.size()))
                .toList();
        assertThat(String.join(" ", found)).isEqualTo(sizes);
    }
}
