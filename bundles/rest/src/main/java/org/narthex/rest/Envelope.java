package org.narthex.rest;

import java.util.ArrayList;
import java.util.List;

/**
 * A good answer that JSON-B writes.
 *
 * @param warnings null for none, so that the key is left out
 */
public record Envelope(String status, Object data, List<String> warnings) {
    static final String TRUNCATED = "results truncated due to limit";

    static Envelope of(Object data) {
        return new Envelope("success", data, null);
    }

    /** The first {@code limit} elements, with a warning if there are more; 0 is no limit. */
    static Envelope limited(List<?> data, int limit) {
        return limit == 0 || data.size() <= limit
                ? of(data)
                : new Envelope("success", data.subList(0, limit), List.of(TRUNCATED));
    }

    /** At most {@code max} of the texts, and how many more there are. */
    static List<String> capped(List<String> texts, String kind, int max) {
        if (texts.size() <= max) {
            return texts;
        }
        List<String> capped = new ArrayList<>(texts.subList(0, max));
        capped.add((texts.size() - max) + " more " + kind.substring(0, kind.length() - 1) + " annotations omitted");
        return capped;
    }
}
