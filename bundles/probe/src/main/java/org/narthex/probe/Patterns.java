package org.narthex.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Regex;

/** Regular expressions of a module: RE2, found anywhere unless they are anchored. */
final class Patterns {
    private Patterns() {}

    /** The expression, which is one. */
    static String checked(ConfigNode node) throws ConfigException {
        try {
            Regex.find(node.text(), "");
            return node.text();
        } catch (IllegalArgumentException e) {
            throw node.error(
                    "\"Could not compile regular expression\" regexp=\"" + node.text() + "\": " + e.getMessage());
        }
    }

    static List<String> checked(List<ConfigNode> nodes) throws ConfigException {
        List<String> expressions = new ArrayList<>();
        for (ConfigNode node : nodes) {
            expressions.add(checked(node));
        }
        return expressions;
    }

    static boolean anyFound(List<String> expressions, String text) {
        return expressions.stream().anyMatch(expression -> Regex.find(expression, text));
    }

    /** What was found, filled into the template as {@code $1} or {@code ${name}}; empty if nothing was. */
    static Optional<String> expand(String expression, String text, String template) {
        return Regex.compile("(?s:.*?)(?-s:" + expression + ")(?s:.*)").expand(text, template);
    }
}
