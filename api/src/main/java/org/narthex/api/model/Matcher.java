package org.narthex.api.model;

import java.util.Optional;

/** One condition on a label, e.g. {@code job=~"a|b"}; an absent label counts as empty. Immutable, thread-safe. */
public final class Matcher {
    /** How value and label are compared. */
    public enum Type {
        EQUAL("="),
        NOT_EQUAL("!="),
        REGEX("=~"),
        NOT_REGEX("!~");

        private final String symbol;

        Type(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }

    private final Type type;
    private final String name;
    private final String value;
    private final Regex regex;

    private Matcher(Type type, String name, String value, Regex regex) {
        this.type = type;
        this.name = name;
        this.value = value;
        this.regex = regex;
    }

    /** @throws IllegalArgumentException if a regular expression is asked for and the value is none */
    public static Matcher of(Type type, String name, String value) {
        boolean isRegex = type == Type.REGEX || type == Type.NOT_REGEX;
        return new Matcher(type, name, value, isRegex ? Regex.compile(value) : null);
    }

    public static Matcher equal(String name, String value) {
        return of(Type.EQUAL, name, value);
    }

    public Type type() {
        return type;
    }

    public String name() {
        return name;
    }

    public String value() {
        return value;
    }

    /** The compiled expression of the two regex types. */
    public Optional<Regex> regex() {
        return Optional.ofNullable(regex);
    }

    public boolean matches(String labelValue) {
        return switch (type) {
            case EQUAL -> labelValue.equals(value);
            case NOT_EQUAL -> !labelValue.equals(value);
            case REGEX -> regex.matches(labelValue);
            case NOT_REGEX -> !regex.matches(labelValue);
        };
    }

    public boolean matches(Labels labels) {
        return matches(labels.get(name));
    }

    /** Whether series without this label match. */
    public boolean matchesEmpty() {
        return matches("");
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        if (Labels.isLabelName(name)) {
            out.append(name);
        } else {
            Labels.appendQuoted(out, name);
        }
        out.append(type.symbol());
        Labels.appendQuoted(out, value);
        return out.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Matcher that && type == that.type && name.equals(that.name) && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return (type.hashCode() * 31 + name.hashCode()) * 31 + value.hashCode();
    }
}
