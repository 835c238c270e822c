package org.narthex.exporter.jmx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.MetricType;

/** Reads a file of rules with jmx_exporter's keys. */
final class SettingsReader {
    /** Keys of a connection to another process, which this does not make. */
    private static final List<String> REMOTE = List.of("hostPort", "jmxUrl", "username", "password", "ssl");

    /** Of the beans that the JVM itself has. */
    private static final List<String> JVM_DOMAINS = List.of(
            "JMImplementation",
            "com.sun.management",
            "java.lang",
            "java.nio",
            "java.util.logging",
            "jdk.management.jfr");

    private SettingsReader() {}

    static Settings read(ConfigNode root) throws ConfigException {
        if (root.isScalar() && root.text().isEmpty()) {
            return Settings.DEFAULT;
        }
        root.onlyKeys(
                "startDelaySeconds",
                "hostPort",
                "jmxUrl",
                "username",
                "password",
                "ssl",
                "lowercaseOutputName",
                "lowercaseOutputLabelNames",
                "whitelistObjectNames",
                "includeObjectNames",
                "blacklistObjectNames",
                "excludeObjectNames",
                "includeObjectNameAttributes",
                "excludeObjectNameAttributes",
                "excludeJvmMetrics",
                "inferCounterTypeFromName",
                "metricCustomizers",
                "autoExcludeObjectNameAttributes",
                "rules",
                // Of the agent's own server, which has no part in this.
                "httpServer",
                "openTelemetry");
        for (String key : REMOTE) {
            Optional<ConfigNode> node = root.given(key);
            if (node.isPresent()) {
                throw node.get().error(key + " is of no use here: the beans of this process are read");
            }
        }
        Optional<ConfigNode> customizers = root.given("metricCustomizers");
        if (customizers.isPresent()) {
            throw customizers.get().error("metricCustomizers is not supported: write rules, or relabel what they make");
        }
        List<ObjectName> excluded = new ArrayList<>(objectNames(root, "excludeObjectNames", "blacklistObjectNames"));
        if (root.bool("excludeJvmMetrics", false)) {
            for (String domain : JVM_DOMAINS) {
                excluded.add(objectName(root.require("excludeJvmMetrics"), domain + ":*"));
            }
        }
        List<Rule> rules = new ArrayList<>();
        for (ConfigNode rule : root.list("rules")) {
            rules.add(rule(rule));
        }
        return new Settings(
                root.integer("startDelaySeconds", 0) * 1000,
                root.bool("lowercaseOutputName", false),
                root.bool("lowercaseOutputLabelNames", false),
                objectNames(root, "includeObjectNames", "whitelistObjectNames"),
                excluded,
                attributes(root, "includeObjectNameAttributes"),
                attributes(root, "excludeObjectNameAttributes"),
                root.bool("autoExcludeObjectNameAttributes", true),
                root.bool("inferCounterTypeFromName", false),
                root.given("rules").isPresent() ? List.copyOf(rules) : List.of(Rule.DEFAULT));
    }

    /** The key of today, or that of earlier times. */
    private static List<ObjectName> objectNames(ConfigNode root, String key, String oldKey) throws ConfigException {
        Optional<ConfigNode> old = root.given(oldKey);
        if (old.isPresent() && root.given(key).isPresent()) {
            throw old.get().error(oldKey + " is the old name of " + key + ": give only one of them");
        }
        List<ObjectName> names = new ArrayList<>();
        for (ConfigNode node : root.list(old.isPresent() ? oldKey : key)) {
            names.add(objectName(node, node.text()));
        }
        return names;
    }

    private static ObjectName objectName(ConfigNode node, String text) throws ConfigException {
        try {
            return new ObjectName(text);
        } catch (MalformedObjectNameException e) {
            throw node.error("\"" + text + "\" is no object name: " + e.getMessage());
        }
    }

    private static Map<ObjectName, Set<String>> attributes(ConfigNode root, String key) throws ConfigException {
        Map<ObjectName, Set<String>> attributes = new HashMap<>();
        Optional<ConfigNode> given = root.given(key);
        if (given.isPresent()) {
            for (Map.Entry<String, ConfigNode> entry : given.get().entries().entrySet()) {
                Set<String> names = new HashSet<>();
                for (ConfigNode name : entry.getValue().items()) {
                    names.add(name.text());
                }
                attributes.put(objectName(entry.getValue(), entry.getKey()), names);
            }
        }
        return attributes;
    }

    private static Rule rule(ConfigNode node) throws ConfigException {
        node.onlyKeys(
                "pattern", "name", "value", "valueFactor", "labels", "help", "type", "attrNameSnakeCase", "cache");
        boolean patterned = node.given("pattern").isPresent();
        String name = node.string("name", "");
        Map<String, String> labels = new TreeMap<>(node.stringMap("labels"));
        String help = node.string("help", "");
        if (name.isEmpty() && (!labels.isEmpty() || !help.isEmpty())) {
            throw node.error("a rule with labels or help needs a name");
        }
        if (!name.isEmpty() && !patterned) {
            throw node.error("a rule with a name needs a pattern");
        }
        Optional<Pattern> pattern = patterned ? Optional.of(pattern(node.require("pattern"))) : Optional.empty();
        if (pattern.isPresent()) {
            checkGroups(node, pattern.get());
        }
        return new Rule(
                pattern,
                name,
                node.string("value", ""),
                factor(node),
                labels,
                help,
                type(node),
                node.bool("attrNameSnakeCase", false),
                node.bool("cache", false));
    }

    /** Java's expressions, as the files are written for; they are searched for in the text. */
    private static Pattern pattern(ConfigNode node) throws ConfigException {
        try {
            return Pattern.compile("^.*(?:" + node.text() + ").*$");
        } catch (PatternSyntaxException e) {
            throw node.error("\"" + node.text() + "\" is no regular expression: " + e.getDescription());
        }
    }

    /** Else the rule would fail with each bean it is for. */
    private static void checkGroups(ConfigNode rule, Pattern pattern) throws ConfigException {
        for (String key : new String[] {"name", "value", "help"}) {
            Optional<ConfigNode> template = rule.given(key);
            if (template.isPresent()) {
                checkGroups(template.get(), template.get().text(), pattern);
            }
        }
        Optional<ConfigNode> labels = rule.given("labels");
        if (labels.isPresent()) {
            for (Map.Entry<String, ConfigNode> label : labels.get().entries().entrySet()) {
                checkGroups(label.getValue(), label.getKey(), pattern);
                checkGroups(label.getValue(), label.getValue().text(), pattern);
            }
        }
    }

    private static void checkGroups(ConfigNode place, String template, Pattern pattern) throws ConfigException {
        // The same groups, in an expression that matches for certain.
        Matcher matcher = Pattern.compile(pattern.pattern() + "|").matcher("");
        if (matcher.find()) {
            try {
                matcher.appendReplacement(new StringBuilder(), template);
            } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
                throw place.error("\"" + template + "\" refers to a group that the pattern does not have, or is no "
                        + "replacement: " + e.getMessage());
            }
        }
    }

    private static double factor(ConfigNode node) throws ConfigException {
        String text = node.string("valueFactor", "");
        try {
            return text.isEmpty() ? 1 : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw node.require("valueFactor").error("\"" + text + "\" is no number");
        }
    }

    private static MetricType type(ConfigNode node) throws ConfigException {
        String text = node.string("type", "");
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "COUNTER" -> MetricType.COUNTER;
            case "GAUGE" -> MetricType.GAUGE;
            case "UNTYPED", "UNKNOWN", "" -> MetricType.UNKNOWN;
            default -> throw node.require("type").error("\"" + text + "\" is none of GAUGE, COUNTER, UNTYPED");
        };
    }
}
