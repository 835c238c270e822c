package org.narthex.alert.ruletest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.RuleGroup;

/**
 * Runs a file of rule tests as {@code promtool test rules} does: series are made up, the rules are evaluated over them, and what alerts fire and what
 * expressions give is compared with what is expected.
 */
public final class RuleTests {
    private static final long DEFAULT_INTERVAL_MS = 60_000;

    private final Supplier<Laboratory> laboratories;

    /** @param laboratories makes an empty one for each test */
    public RuleTests(Supplier<Laboratory> laboratories) {
        this.laboratories = laboratories;
    }

    /** The patterns of rule files that a test file names, as they are written there; relative ones are relative to it. */
    public static List<String> ruleFiles(ConfigNode file) throws ConfigException {
        return file.strings("rule_files");
    }

    /** The interval of groups that have none of their own, in milliseconds. */
    public static long evaluationIntervalMs(ConfigNode file) throws ConfigException {
        return file.durationMs("evaluation_interval", DEFAULT_INTERVAL_MS);
    }

    /**
     * Runs the tests of a file.
     *
     * @param groups of the rule files, with the file's evaluation interval where they have none of their own
     * @param names only tests whose name one of these finds something in; none for all
     * @return what failed, one text for each; empty if all is well
     * @throws ConfigException if the file is not valid
     */
    public List<String> run(ConfigNode file, List<RuleGroup> groups, List<Pattern> names) throws ConfigException {
        file.onlyKeys("rule_files", "evaluation_interval", "group_eval_order", "fuzzy_compare", "tests");
        List<RuleGroup> ordered = ordered(file, groups);
        boolean fuzzy = file.bool("fuzzy_compare", false);
        List<String> failures = new ArrayList<>();
        for (ConfigNode test : file.list("tests")) {
            String name = test.string("name", "");
            if (names.isEmpty()
                    || names.stream().anyMatch(each -> each.matcher(name).find())) {
                RuleTestCase one =
                        new RuleTestCase(test, ordered, evaluationIntervalMs(file), fuzzy, laboratories.get());
                String prefix = name.isEmpty() ? "" : name + ": ";
                one.run().forEach(failure -> failures.add(prefix + failure));
            }
        }
        return failures;
    }

    /** Groups that are named come first, in the order they are named. */
    private static List<RuleGroup> ordered(ConfigNode file, List<RuleGroup> groups) throws ConfigException {
        List<String> order = file.strings("group_eval_order");
        List<RuleGroup> ordered = new ArrayList<>();
        for (String name : order) {
            List<RuleGroup> found =
                    groups.stream().filter(group -> group.name().equals(name)).toList();
            if (found.isEmpty()) {
                throw file.require("group_eval_order").error("there is no group " + name);
            }
            ordered.addAll(found);
        }
        groups.stream().filter(group -> !order.contains(group.name())).forEach(ordered::add);
        return ordered;
    }
}
