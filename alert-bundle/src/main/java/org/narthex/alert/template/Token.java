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

    @Override
    public String toString() {
        if (kind == Kind.EOF) {
            return "EOF";
        }
        return Character.isLetter(text.charAt(0)) && Keywords.isKeyword(text)
                ? "<" + text + ">"
                : GoFormat.quote(text.length() > 10 ? text.substring(0, 10) + "\"..." : text);
    }
}
