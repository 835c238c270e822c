package org.narthex.api.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * An immutable label set, sorted by name; what identifies a series. A label with an empty value is the same as an absent one
 * and is never held. Names and values are any valid UTF-16 text; order is that of their UTF-8 bytes, as on disk.
 */
public final class Labels implements Comparable<Labels> {
    /** The label that holds the metric name. */
    public static final String METRIC_NAME = "__name__";

    public static final Labels EMPTY = new Labels(new String[0]);

    /** Orders strings as their UTF-8 bytes are ordered, which differs from {@link String#compareTo} above U+FFFF. */
    public static final Comparator<String> UTF8_ORDER = Labels::compareUtf8;

    /** name, value, name, value, … */
    private final String[] pairs;

    private int hash;

    private Labels(String[] pairs) {
        this.pairs = pairs;
    }

    /**
     * @param namesAndValues name, value, name, value, … in any order; empty values are left out
     * @throws IllegalArgumentException if a value is missing, or a name is empty or given twice
     */
    public static Labels of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("label " + namesAndValues[namesAndValues.length - 1] + " has no value");
        }
        Builder builder = new Builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    public static Labels of(Map<String, String> labels) {
        Builder builder = new Builder();
        labels.forEach(builder::set);
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these labels. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    public int size() {
        return pairs.length / 2;
    }

    public boolean isEmpty() {
        return pairs.length == 0;
    }

    public String name(int index) {
        return pairs[2 * index];
    }

    public String value(int index) {
        return pairs[2 * index + 1];
    }

    /** The value of the label, or the empty string if there is none. */
    public String get(String name) {
        int index = indexOf(name);
        return index < 0 ? "" : pairs[index + 1];
    }

    public boolean has(String name) {
        return indexOf(name) >= 0;
    }

    /** The metric name, or the empty string. */
    public String metricName() {
        return get(METRIC_NAME);
    }

    /** These labels without those whose name the test accepts. */
    public Labels without(Predicate<String> names) {
        String[] kept = new String[pairs.length];
        int n = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (!names.test(pairs[i])) {
                kept[n++] = pairs[i];
                kept[n++] = pairs[i + 1];
            }
        }
        if (n == pairs.length) {
            return this;
        }
        return n == 0 ? EMPTY : new Labels(Arrays.copyOf(kept, n));
    }

    public Labels without(String name) {
        return has(name) ? without(name::equals) : this;
    }

    /** The labels in order, as a new map. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private int indexOf(String name) {
        // Label sets are short; METRIC_NAME sorts before almost every other name.
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int compareTo(Labels other) {
        int n = Math.min(pairs.length, other.pairs.length);
        for (int i = 0; i < n; i++) {
            int c = compareUtf8(pairs[i], other.pairs[i]);
            if (c != 0) {
                return c;
            }
        }
        return Integer.compare(pairs.length, other.pairs.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Labels that && hashCode() == that.hashCode() && Arrays.equals(pairs, that.pairs);
    }

    @Override
    public int hashCode() {
        int h = hash;
        if (h == 0) {
            for (String text : pairs) {
                // Mixed after each text: a plain polynomial gives many label sets that only swap digits the same hash.
                h = (h ^ text.hashCode()) * 0x9E3779B1;
                h ^= h >>> 15;
            }
            hash = h;
        }
        return h;
    }

    /** All labels as a selector, {@code {__name__="up", job="a"}}; names that are no plain identifiers stand in quotes. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < pairs.length; i += 2) {
            if (i > 0) {
                out.append(", ");
            }
            if (isLabelName(pairs[i])) {
                out.append(pairs[i]);
            } else {
                appendQuoted(out, pairs[i]);
            }
            out.append('=');
            appendQuoted(out, pairs[i + 1]);
        }
        return out.append('}').toString();
    }

    /** Whether the text is a metric name by the classic rules, {@code [a-zA-Z_:][a-zA-Z0-9_:]*}. */
    public static boolean isMetricName(String text) {
        return isIdentifier(text, true);
    }

    /** Whether the text is a label name by the classic rules, {@code [a-zA-Z_][a-zA-Z0-9_]*}. */
    public static boolean isLabelName(String text) {
        return isIdentifier(text, false);
    }

    private static boolean isIdentifier(String text, boolean colon) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isOfMetricName(c, i == 0) || (c == ':' && !colon)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /**
     * Whether a character may stand in a metric name by the classic rules.
     *
     * @param first of the name, where no digit may stand
     */
    public static boolean isOfMetricName(int c, boolean first) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || c == ':'
                || (c >= '0' && c <= '9' && !first);
    }

    /** Appends the text in double quotes, with backslash, quote, newline, return and tab escaped. */
    public static void appendQuoted(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c);
            }
        }
        out.append('"');
    }

    private static int compareUtf8(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for code points above U+FFFF, yet their chars sort before U+E000.
                boolean xs = Character.isSurrogate(x);
                return xs == Character.isSurrogate(y) ? Character.compare(x, y) : xs ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Builds label sets; may be used again after {@link #build()}. Not thread-safe. */
    public static final class Builder {
        private String[] pairs;
        private int length;

        private Builder() {
            pairs = new String[16];
        }

        private Builder(Labels base) {
            pairs = Arrays.copyOf(base.pairs, base.pairs.length + 8);
            length = base.pairs.length;
        }

        /** Starts over from the given labels. */
        public Builder reset(Labels base) {
            length = base.pairs.length;
            if (pairs.length < length) {
                pairs = new String[length + 8];
            }
            System.arraycopy(base.pairs, 0, pairs, 0, length);
            return this;
        }

        /** Sets or replaces a label; an empty value removes it. */
        public Builder set(String name, String value) {
            int at = find(name);
            if (at >= 0) {
                if (value.isEmpty()) {
                    removeAt(at);
                } else {
                    pairs[at + 1] = value;
                }
            } else if (!value.isEmpty()) {
                insert(-at - 1, name, value);
            }
            return this;
        }

        private void add(String name, String value) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("label with an empty name and value \"" + value + "\"");
            }
            if (find(name) >= 0) {
                throw new IllegalArgumentException("label " + name + " is given twice");
            }
            set(name, value);
        }

        public Builder remove(String name) {
            int at = find(name);
            if (at >= 0) {
                removeAt(at);
            }
            return this;
        }

        /** The value as set so far, or the empty string. */
        public String get(String name) {
            int at = find(name);
            return at < 0 ? "" : pairs[at + 1];
        }

        public boolean has(String name) {
            return find(name) >= 0;
        }

        public Labels build() {
            return length == 0 ? EMPTY : new Labels(Arrays.copyOf(pairs, length));
        }

        /** Index of the name, or -(insertion point) - 1. */
        private int find(String name) {
            int i = 0;
            // Mostly labels arrive in order: compare with the last one first.
            if (length > 0 && compareUtf8(pairs[length - 2], name) < 0) {
                return -length - 1;
            }
            for (; i < length; i += 2) {
                int c = compareUtf8(pairs[i], name);
                if (c == 0) {
                    return i;
                }
                if (c > 0) {
                    break;
                }
            }
            return -i - 1;
        }

        private void insert(int at, String name, String value) {
            if (length == pairs.length) {
                pairs = Arrays.copyOf(pairs, 2 * length + 2);
            }
            System.arraycopy(pairs, at, pairs, at + 2, length - at);
            pairs[at] = name;
            pairs[at + 1] = value;
            length += 2;
        }

        private void removeAt(int at) {
            System.arraycopy(pairs, at + 2, pairs, at, length - at - 2);
            length -= 2;
        }
    }
}
