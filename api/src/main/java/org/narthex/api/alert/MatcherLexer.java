package org.narthex.api.alert;

import java.nio.charset.StandardCharsets;

/** Cuts matchers of the newer grammar into tokens. */
final class MatcherLexer {
    private static final String RESERVED = "{}!=~,\\\"'`";

    enum Kind {
        OPEN_BRACE,
        CLOSE_BRACE,
        COMMA,
        EQUALS,
        NOT_EQUALS,
        MATCHES,
        NOT_MATCHES,
        QUOTED,
        UNQUOTED,
        END
    }

    /**
     * A piece of the text.
     *
     * @param offsetStart in bytes of UTF-8
     * @param columnStart in characters, as is {@code columnEnd}, which is exclusive
     */
    record Token(Kind kind, String text, int offsetStart, int offsetEnd, int columnStart, int columnEnd) {
        @Override
        public String toString() {
            return columnStart + ":" + columnEnd + ": " + text;
        }
    }

    private final String input;
    private int at;
    private int offset;
    private int column;

    MatcherLexer(String input) {
        this.input = input;
    }

    /** Where the next character stands. */
    int column() {
        return column;
    }

    /** @throws IllegalArgumentException naming columns and what is wrong there */
    Token next() {
        while (at < input.length() && isSpace(input.codePointAt(at))) {
            advance();
        }
        int start = at;
        int offsetStart = offset;
        int columnStart = column;
        Kind kind = at == input.length() ? Kind.END : scan(columnStart);
        return new Token(kind, input.substring(start, at), offsetStart, offset, columnStart, column);
    }

    private Kind scan(int columnStart) {
        int c = input.codePointAt(at);
        switch (c) {
            case '{' -> {
                advance();
                return Kind.OPEN_BRACE;
            }
            case '}' -> {
                advance();
                return Kind.CLOSE_BRACE;
            }
            case ',' -> {
                advance();
                return Kind.COMMA;
            }
            case '=' -> {
                advance();
                if (at < input.length() && input.charAt(at) == '~') {
                    advance();
                    return Kind.MATCHES;
                }
                return Kind.EQUALS;
            }
            case '!' -> {
                advance();
                return negated(columnStart);
            }
            case '"' -> {
                return quoted(columnStart);
            }
            default -> {
                if (RESERVED.indexOf(c) >= 0) {
                    throw new IllegalArgumentException(
                            columnStart + ":" + (columnStart + 1) + ": " + Character.toString(c) + ": invalid input");
                }
                while (at < input.length()
                        && RESERVED.indexOf(input.codePointAt(at)) < 0
                        && !isSpace(input.codePointAt(at))) {
                    advance();
                }
                return Kind.UNQUOTED;
            }
        }
    }

    private Kind negated(int columnStart) {
        if (at == input.length()) {
            throw new IllegalArgumentException(
                    columnStart + ":" + column + ": unexpected end of input, expected one of '=~'");
        }
        int c = input.codePointAt(at);
        if (c != '=' && c != '~') {
            throw new IllegalArgumentException(
                    columnStart + ":" + column + ": " + Character.toString(c) + ": expected one of '=~'");
        }
        advance();
        return c == '=' ? Kind.NOT_EQUALS : Kind.NOT_MATCHES;
    }

    private Kind quoted(int columnStart) {
        int start = at;
        advance();
        while (at < input.length() && input.charAt(at) != '"') {
            if (input.charAt(at) == '\\' && at + 1 < input.length()) {
                advance();
            }
            advance();
        }
        if (at >= input.length()) {
            throw new IllegalArgumentException(
                    columnStart + ":" + column + ": " + input.substring(start) + ": missing end \"");
        }
        advance();
        return Kind.QUOTED;
    }

    private void advance() {
        String character = Character.toString(input.codePointAt(at));
        at += character.length();
        offset += character.getBytes(StandardCharsets.UTF_8).length;
        column++;
    }

    static boolean isReserved(int c) {
        return RESERVED.indexOf(c) >= 0;
    }

    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }
}
