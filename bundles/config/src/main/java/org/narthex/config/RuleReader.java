package org.narthex.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.config.RuleGroup.Kind;
import org.narthex.api.config.RuleGroup.NoData;
import org.narthex.api.config.RuleGroup.Rule;
import org.narthex.api.model.Labels;

/** Reads rule files. Expressions and templates stay text: those who evaluate them check them. */
final class RuleReader {
    private final Defaults defaults;

    RuleReader(Defaults defaults) {
        this.defaults = defaults;
    }

    List<RuleGroup> read(ConfigNode root) throws ConfigException {
        Section file = Section.of(root);
        file.only("groups");
        List<RuleGroup> groups = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ConfigNode item : file.list("groups", "empty or null rule group")) {
            RuleGroup group = group(Section.of(item));
            if (!names.add(group.name())) {
                throw Section.of(item)
                        .error("name", "groupname: \"" + group.name() + "\" is repeated in the same file");
            }
            groups.add(group);
        }
        return groups;
    }

    private RuleGroup group(Section group) throws ConfigException {
        group.only("name", "interval", "query_offset", "limit", "labels", "rules");
        String name = group.text("name", "");
        if (name.isEmpty()) {
            throw group.error("name", "Groupname must not be empty");
        }
        Map<String, String> labels = labels(group, "");
        List<Rule> rules = new ArrayList<>();
        for (ConfigNode item : group.list("rules", "empty or null rule in group \"" + name + "\"")) {
            rules.add(rule(Section.of(item), labels));
        }
        long interval = group.duration("interval", 0);
        return new RuleGroup(
                group.node().file(),
                name,
                interval == 0 ? defaults.global().evaluationIntervalMs() : interval,
                (int) Math.min(Integer.MAX_VALUE, group.count("limit", 0)),
                group.duration("query_offset", defaults.ruleQueryOffsetMs()),
                rules);
    }

    private Rule rule(Section rule, Map<String, String> groupLabels) throws ConfigException {
        rule.only("record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations", "no_data");
        String record = rule.text("record", "");
        String alert = rule.text("alert", "");
        if (!record.isEmpty() && !alert.isEmpty()) {
            throw rule.error("only one of 'record' and 'alert' must be set");
        }
        if (record.isEmpty() && alert.isEmpty()) {
            throw rule.error("one of 'record' or 'alert' must be set");
        }
        String expression = rule.text("expr", "");
        if (expression.isEmpty()) {
            throw rule.error("field 'expr' must be set in rule");
        }
        if (!record.isEmpty()) {
            checkRecording(rule, record);
        }
        checkAnnotations(rule);
        return new Rule(
                record.isEmpty() ? Kind.ALERTING : Kind.RECORDING,
                record.isEmpty() ? alert : record,
                expression,
                rule.node().require("expr").line(),
                rule.duration("for", 0),
                rule.duration("keep_firing_for", 0),
                merged(groupLabels, labels(rule, " in rule")),
                rule.textMap("annotations"),
                noData(rule));
    }

    /** A key of ours: Prometheus does not know it. */
    private static NoData noData(Section rule) throws ConfigException {
        String text = rule.text("no_data", "");
        return switch (text) {
            case "", "ok" -> NoData.OK;
            case "keep" -> NoData.KEEP;
            case "alert" -> NoData.ALERT;
            default -> throw rule.error("no_data", "must be ok, keep or alert, found \"" + text + "\"");
        };
    }

    private void checkRecording(Section rule, String record) throws ConfigException {
        if (rule.count("annotations") > 0) {
            throw rule.error("annotations", "invalid field 'annotations' in recording rule");
        }
        if (rule.has("no_data")) {
            throw rule.error("no_data", "invalid field 'no_data' in recording rule");
        }
        if (rule.duration("for", 0) != 0) {
            throw rule.error("for", "invalid field 'for' in recording rule");
        }
        if (rule.duration("keep_firing_for", 0) != 0) {
            throw rule.error("keep_firing_for", "invalid field 'keep_firing_for' in recording rule");
        }
        if (record.indexOf('{') >= 0 || record.indexOf('}') >= 0) {
            throw rule.error("record", "braces present in the recording rule name; should it be in expr?: " + record);
        }
        if (defaults.legacyNames() && !Labels.isMetricName(record)) {
            throw rule.error("record", "invalid recording rule name: " + record);
        }
    }

    private Map<String, String> labels(Section section, String suffix) throws ConfigException {
        for (Map.Entry<String, ConfigNode> entry :
                section.section("labels").node().entries().entrySet()) {
            String name = entry.getKey();
            if (!isName(name) || name.equals(Labels.METRIC_NAME)) {
                throw entry.getValue().error("invalid label name" + suffix + ": " + name);
            }
        }
        return section.textMap("labels");
    }

    private void checkAnnotations(Section rule) throws ConfigException {
        for (Map.Entry<String, ConfigNode> entry :
                rule.section("annotations").node().entries().entrySet()) {
            if (!isName(entry.getKey())) {
                throw entry.getValue().error("invalid annotation name: " + entry.getKey());
            }
        }
    }

    private boolean isName(String name) {
        return defaults.legacyNames() ? Labels.isLabelName(name) : !name.isEmpty();
    }

    private static Map<String, String> merged(Map<String, String> group, Map<String, String> rule) {
        Map<String, String> labels = new HashMap<>(group);
        labels.putAll(rule);
        return labels;
    }
}
