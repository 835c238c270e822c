package org.narthex.exporter.node;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.narthex.api.model.Regex;

/**
 * Which names are measured. The expressions are searched for in a name, as node_exporter does: they bring their own anchors. What was decided is
 * remembered, since a scrape asks for the same names as the one before. For any thread.
 */
final class Filter {
    static final Filter ALL = new Filter("", "");

    /** Virtual devices come and go under ever new names. */
    private static final int MAX_REMEMBERED = 10_000;

    private final Regex included;
    private final Regex excluded;
    private final Map<String, Boolean> decided = new ConcurrentHashMap<>();

    /**
     * @param include what is measured; all if empty
     * @param exclude what of that is not; none if empty
     * @throws IllegalArgumentException if one is no regular expression
     */
    Filter(String include, String exclude) {
        included = Regex.compile(include.isEmpty() ? ".*" : anywhere(include));
        // An expression that matches nothing.
        excluded = Regex.compile(exclude.isEmpty() ? "[^\\x00-\\x{10FFFF}]" : anywhere(exclude));
    }

    private static String anywhere(String expression) {
        // By itself first, so that a message shows what was written.
        Regex.compile(expression);
        return ".*(?:" + expression + ").*";
    }

    boolean accepts(String name) {
        Boolean known = decided.get(name);
        if (known != null) {
            return known;
        }
        boolean accepted = included.matches(name) && !excluded.matches(name);
        if (decided.size() >= MAX_REMEMBERED) {
            decided.clear();
        }
        decided.put(name, accepted);
        return accepted;
    }
}
