package org.narthex.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.config.RelabelConfig.Action;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Regex;

/** Reads lists of relabelling steps. */
final class RelabelReader {
    private static final String SEPARATOR = ";";
    private static final String REPLACEMENT = "$1";
    private static final String ANY = "(.*)";
    private static final Regex ANY_REGEX = Regex.compile(ANY);

    private RelabelReader() {}

    /** @param what the kind of list, for messages about empty items */
    static List<RelabelConfig> read(Section parent, String key, String what, boolean legacyNames)
            throws ConfigException {
        List<RelabelConfig> steps = new ArrayList<>();
        for (ConfigNode item : parent.list(key, "empty or null " + what)) {
            steps.add(step(Section.of(item), legacyNames));
        }
        return steps;
    }

    private static RelabelConfig step(Section step, boolean legacyNames) throws ConfigException {
        step.only("source_labels", "separator", "target_label", "regex", "modulus", "replacement", "action");
        List<String> sourceLabels = step.texts("source_labels");
        for (String name : sourceLabels) {
            if (!isLabelName(name, legacyNames)) {
                throw step.error("source_labels", "\"" + name + "\" is not a valid label name");
            }
        }
        Action action = action(step);
        String regexText = step.text("regex", ANY);
        RelabelConfig config = new RelabelConfig(
                sourceLabels,
                step.text("separator", SEPARATOR),
                step.text("target_label", ""),
                regexText.equals(ANY) ? ANY_REGEX : regex(step, regexText),
                step.count("modulus", 0),
                step.text("replacement", REPLACEMENT),
                action);
        validate(step, config, legacyNames);
        return config;
    }

    private static Action action(Section step) throws ConfigException {
        String text = step.text("action", "replace");
        if (text.isEmpty()) {
            throw step.error("action", "relabel action cannot be empty");
        }
        try {
            return Action.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw step.error("action", "unknown relabel action \"" + text + "\"");
        }
    }

    private static Regex regex(Section step, String text) throws ConfigException {
        try {
            return Regex.compile(text);
        } catch (IllegalArgumentException e) {
            throw step.error("regex", e.getMessage());
        }
    }

    private static void validate(Section step, RelabelConfig config, boolean legacyNames) throws ConfigException {
        Action action = config.action();
        String name = action.name().toLowerCase(Locale.ROOT);
        boolean needsTarget =
                switch (action) {
                    case REPLACE, HASHMOD, LOWERCASE, UPPERCASE, KEEPEQUAL, DROPEQUAL -> true;
                    default -> false;
                };
        if (action == Action.HASHMOD && config.modulus() == 0) {
            throw step.error("relabel configuration for hashmod requires non-zero modulus");
        }
        if (needsTarget && config.targetLabel().isEmpty()) {
            throw step.error("relabel configuration for " + name + " action requires 'target_label' value");
        }
        boolean targetIsTemplate =
                action == Action.REPLACE && config.targetLabel().indexOf('$') >= 0;
        if (needsTarget && !targetIsTemplate && !isLabelName(config.targetLabel(), legacyNames)) {
            throw step.error(
                    "target_label",
                    "\"" + config.targetLabel() + "\" is invalid 'target_label' for " + name + " action");
        }
        if (targetIsTemplate && legacyNames && !isTemplatedName(config.targetLabel())) {
            throw step.error(
                    "target_label", "\"" + config.targetLabel() + "\" is invalid 'target_label' for replace action");
        }
        if ((action == Action.LOWERCASE || action == Action.UPPERCASE)
                && !config.replacement().equals(REPLACEMENT)) {
            throw step.error("replacement", "'replacement' can not be set for " + name + " action");
        }
        if (action == Action.LABELMAP
                && (config.replacement().isEmpty() || (legacyNames && !isTemplatedName(config.replacement())))) {
            throw step.error(
                    "replacement", "\"" + config.replacement() + "\" is invalid 'replacement' for labelmap action");
        }
        onlyItsOwnFields(step, config, name);
    }

    /** Fields an action does not use may not be set; Prometheus sees only whether they differ from their defaults. */
    private static void onlyItsOwnFields(Section step, RelabelConfig config, String name) throws ConfigException {
        boolean plain = config.modulus() == 0
                && config.separator().equals(SEPARATOR)
                && config.replacement().equals(REPLACEMENT);
        switch (config.action()) {
            case KEEPEQUAL, DROPEQUAL -> {
                if (!plain || !config.regex().equals(ANY_REGEX)) {
                    throw step.error(
                            name + " action requires only 'source_labels' and `target_label`, and no other fields");
                }
            }
            case LABELDROP, LABELKEEP -> {
                if (!plain
                        || !config.sourceLabels().isEmpty()
                        || !config.targetLabel().isEmpty()) {
                    throw step.error(name + " action requires only 'regex', and no other fields");
                }
            }
            default -> {}
        }
    }

    private static boolean isLabelName(String name, boolean legacyNames) {
        return legacyNames ? Labels.isLabelName(name) : !name.isEmpty();
    }

    /** Whether the text is a classic label name in which parts like {@code $1} or {@code ${name}} may stand. */
    private static boolean isTemplatedName(String text) {
        StringBuilder name = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '$') {
                name.append(c);
                continue;
            }
            boolean braced = i < text.length() && text.charAt(i) == '{';
            int start = braced ? i + 1 : i;
            int end = start;
            while (end < text.length() && (text.charAt(end) == '_' || Character.isLetterOrDigit(text.charAt(end)))) {
                end++;
            }
            if (end == start || (braced && (end == text.length() || text.charAt(end) != '}'))) {
                return false;
            }
            name.append('x');
            i = braced ? end + 1 : end;
        }
        return Labels.isLabelName(name.toString());
    }
}
