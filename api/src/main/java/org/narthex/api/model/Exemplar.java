package org.narthex.api.model;

/**
 * One observation picked as an example, mostly with the identifier of a trace. Immutable.
 *
 * @param labels the exemplar's own labels, e.g. {@code trace_id}; at most {@link #MAX_LABEL_CHARACTERS} in names and values together
 * @param timestampMs milliseconds since the epoch
 */
public record Exemplar(Labels labels, double value, long timestampMs) {
    /** The most characters (code points) the labels may have, names and values together, after OpenMetrics. */
    public static final int MAX_LABEL_CHARACTERS = 128;

    /** Characters (code points) in names and values together. */
    public int labelCharacters() {
        int characters = 0;
        for (int i = 0; i < labels.size(); i++) {
            String name = labels.name(i);
            String value = labels.value(i);
            characters += name.codePointCount(0, name.length()) + value.codePointCount(0, value.length());
        }
        return characters;
    }
}
