package org.narthex.promql.parser;

/** Types of expressions. */
public enum ValueType {
    SCALAR("scalar", "scalar"),
    VECTOR("instant vector", "vector"),
    MATRIX("range vector", "matrix"),
    STRING("string", "string");

    private final String documented;
    private final String word;

    ValueType(String documented, String word) {
        this.documented = documented;
        this.word = word;
    }

    /** The name in the documentation and in most messages, e.g. {@code instant vector}. */
    public String documented() {
        return documented;
    }

    /** The name in the API, e.g. {@code vector}. */
    public String word() {
        return word;
    }
}
