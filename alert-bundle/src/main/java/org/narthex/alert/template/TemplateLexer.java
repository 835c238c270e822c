package org.narthex.alert.template;

import java.util.ArrayList;
import java.util.List;

/** Cuts a template into tokens. Comments and trimmed space are gone; space inside actions stays, since it separates arguments. */
final class TemplateLexer {
    private static final String LEFT = "{{";
    private static final String RIGHT = "}}";

    private final String name;
    private final String input;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private int parens;

    TemplateLexer(String name, String input) {
        this.name = name;
        this.input = input;
    }

    List<Token> tokens() throws TemplateException {
        boolean trimNext = false;
        while (true) {
            int left = input.indexOf(LEFT, position);
            int end = left < 0 ? input.length() : left;
            text(end, trimNext, left >= 0 && trimsLeft(left + 2));
            trimNext = false;
            if (left < 0) {
                add(Token.Kind.EOF, position, position);
                return tokens;
            }
            int inside = left + 2 + (trimsLeft(left + 2) ? 2 : 0);
            if (input.startsWith("/*", inside)) {
                trimNext = comment(inside);
            } else {
                add(Token.Kind.LEFT_DELIM, left, inside);
                trimNext = action();
            }
        }
    }

    /** Adds the text up to {@code end}, trimmed at the sides that adjoin a trim marker. */
    private void text(int end, boolean trimStart, boolean trimEnd) {
        int from = position;
        int to = end;
        while (trimStart && from < to && isSpace(input.charAt(from))) {
            from++;
        }
        while (trimEnd && to > from && isSpace(input.charAt(to - 1))) {
            to--;
        }
        countLines(position, from);
        if (to > from) {
            add(Token.Kind.TEXT, from, to);
        }
        countLines(to, end);
        position = end;
    }

    private boolean trimsLeft(int at) {
        return at + 1 < input.length() && input.charAt(at) == '-' && isSpace(input.charAt(at + 1));
    }

    private boolean trimsRight(int at) {
        return at < input.length() && isSpace(input.charAt(at)) && input.startsWith("-" + RIGHT, at + 1);
    }

    private boolean comment(int start) throws TemplateException {
        int end = input.indexOf("*/", start);
        if (end < 0) {
            throw error("unclosed comment");
        }
        int after = end + 2;
        boolean trims = trimsRight(after);
        if (!trims && !input.startsWith(RIGHT, after)) {
            throw error("comment ends before closing delimiter");
        }
        countLines(position, after);
        position = after + (trims ? 4 : 2);
        return trims;
    }

    /** @return whether the action ended with a trim marker */
    private boolean action() throws TemplateException {
        parens = 0;
        while (true) {
            boolean trims = trimsRight(position);
            if (trims || input.startsWith(RIGHT, position)) {
                if (parens > 0) {
                    throw error("unclosed left paren");
                }
                add(Token.Kind.RIGHT_DELIM, position, position + (trims ? 4 : 2));
                return trims;
            }
            if (position >= input.length()) {
                throw error("unclosed action");
            }
            inside();
        }
    }

    private void inside() throws TemplateException {
        int start = position;
        char c = input.charAt(start);
        char next = start + 1 < input.length() ? input.charAt(start + 1) : '\0';
        if (isSpace(c)) {
            int end = start;
            while (end < input.length() && isSpace(input.charAt(end)) && !trimsRight(end)) {
                end++;
            }
            add(Token.Kind.SPACE, start, end);
        } else if (c == ':' && next == '=') {
            add(Token.Kind.DECLARE, start, start + 2);
        } else if (c == '"' || c == '\'') {
            quoted(c);
        } else if (c == '`') {
            int end = input.indexOf('`', start + 1);
            if (end < 0) {
                throw error("unterminated raw quoted string");
            }
            add(Token.Kind.RAW_STRING, start, end + 1);
        } else if (c == '$' || (c == '.' && !isDigit(next))) {
            name(c == '$' ? Token.Kind.VARIABLE : Token.Kind.FIELD);
        } else if (c == '+' || c == '-' || c == '.' || isDigit(c)) {
            number();
        } else if (isWordPart(c)) {
            int end = start;
            while (end < input.length() && isWordPart(input.charAt(end))) {
                end++;
            }
            terminated(end);
            add(Token.Kind.IDENTIFIER, start, end);
        } else {
            punctuation(c);
        }
    }

    private void punctuation(char c) throws TemplateException {
        Token.Kind kind =
                switch (c) {
                    case '|' -> Token.Kind.PIPE;
                    case '=' -> Token.Kind.ASSIGN;
                    case '(' -> Token.Kind.LEFT_PAREN;
                    case ')' -> Token.Kind.RIGHT_PAREN;
                    default -> Token.Kind.CHAR;
                };
        if (c == ':') {
            throw error("expected :=");
        }
        if (c < ' ' || c > '~') {
            int code = input.codePointAt(position);
            String shown = Character.isISOControl(code) || Character.isSpaceChar(code)
                    ? ""
                    : " '" + Character.toString(code) + "'";
            throw error("unrecognized character in action: " + unicode(code) + shown);
        }
        parens += kind == Token.Kind.LEFT_PAREN ? 1 : kind == Token.Kind.RIGHT_PAREN ? -1 : 0;
        if (parens < 0) {
            throw error("unexpected right paren");
        }
        add(kind, position, position + 1);
    }

    private void quoted(char quote) throws TemplateException {
        String what = quote == '"' ? "quoted string" : "character constant";
        for (int i = position + 1; i < input.length() && input.charAt(i) != '\n'; i++) {
            if (input.charAt(i) == '\\') {
                i++;
            } else if (input.charAt(i) == quote) {
                add(quote == '"' ? Token.Kind.STRING : Token.Kind.CHARACTER, position, i + 1);
                return;
            }
        }
        throw error("unterminated " + what);
    }

    private void name(Token.Kind kind) throws TemplateException {
        int end = position + 1;
        while (end < input.length() && isWordPart(input.charAt(end))) {
            end++;
        }
        if (end == position + 1 && kind == Token.Kind.FIELD) {
            add(Token.Kind.DOT, position, end);
            return;
        }
        terminated(end);
        add(kind, position, end);
    }

    private void number() throws TemplateException {
        int end = position;
        if (input.charAt(end) == '+' || input.charAt(end) == '-') {
            end++;
        }
        while (end < input.length() && (isWordPart(input.charAt(end)) || isNumberPart(end))) {
            end++;
        }
        if (!GoNumber.isNumber(input.substring(position, end))) {
            throw error("bad number syntax: " + GoFormat.quote(input.substring(position, end)));
        }
        add(Token.Kind.NUMBER, position, end);
    }

    private boolean isNumberPart(int at) {
        char c = input.charAt(at);
        char before = Character.toLowerCase(input.charAt(at - 1));
        return c == '.' || ((c == '+' || c == '-') && (before == 'e' || before == 'p'));
    }

    private void terminated(int end) throws TemplateException {
        if (end < input.length()
                && !isSpace(input.charAt(end))
                && ".,|:()".indexOf(input.charAt(end)) < 0
                && !input.startsWith(RIGHT, end)) {
            throw error("bad character " + unicode(input.codePointAt(end)) + " '" + input.charAt(end) + "'");
        }
    }

    private void add(Token.Kind kind, int from, int to) {
        tokens.add(new Token(kind, from, input.substring(from, to), line));
        countLines(from, to);
        position = to;
    }

    private void countLines(int from, int to) {
        for (int i = from; i < to; i++) {
            if (input.charAt(i) == '\n') {
                line++;
            }
        }
    }

    private TemplateException error(String what) {
        return new TemplateException("template: " + name + ":" + line + ": " + what, true);
    }

    private static String unicode(int code) {
        String hex = Integer.toHexString(code).toUpperCase(java.util.Locale.ROOT);
        return "U+" + "0".repeat(Math.max(0, 4 - hex.length())) + hex;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordPart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
