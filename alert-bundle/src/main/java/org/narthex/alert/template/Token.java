package org.narthex.alert.template;

/**
 * A piece of a template.
 *
 * @param position index of its first char
 * @param line counted from 1
 */
record Token(Kind kind, int position, String text, int line) {
    enum Kind {
        TEXT,
        LEFT_DELIM,
        RIGHT_DELIM,
        SPACE,
        /** A word that may name a function, or a keyword. */
        IDENTIFIER,
        /** {@code .name} */
        FIELD,
        /** {@code $name} or {@code $} */
        VARIABLE,
        DOT,
        NUMBER,
        CHARACTER,
        STRING,
        RAW_STRING,
        PIPE,
        LEFT_PAREN,
        RIGHT_PAREN,
        DECLARE,
        ASSIGN,
        /** Other punctuation, such as a comma. */
        CHAR,
        EOF
    }

    /** As it is named in messages. */
    @Override
    public String toString() {
        if (kind == Kind.EOF) {
            return "EOF";
        }
        if (Keywords.isKeyword(text)) {
            return "<" + text + ">";
        }
        return text.length() > 10 ? GoFormat.quote(text.substring(0, 10)) + "..." : GoFormat.quote(text);
    }
}
