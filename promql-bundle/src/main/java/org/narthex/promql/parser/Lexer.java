package org.narthex.promql.parser;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts an expression into tokens. Works on the UTF-8 bytes, so that positions are byte offsets. */
final class Lexer {
    private static final int EOF = -1;

    private final byte[] input;
    private final List<Token> tokens = new ArrayList<>();
    private int start;
    private int pos;
    private int parenDepth;
    private boolean gotDuration;
    private boolean gotColon;
    private boolean failed;

    private Lexer(String expression) {
        input = Quoting.bytes(expression);
    }

    /** The tokens, comments left out; the last one is {@link TokenType#EOF} or {@link TokenType#ERROR}. An error inside a string does not end them. */
    static List<Token> tokens(String expression) {
        List<Token> all = new ArrayList<>(tokensAndComments(expression));
        all.removeIf(token -> token.type() == TokenType.COMMENT);
        return all;
    }

    static List<Token> tokensAndComments(String expression) {
        Lexer lexer = new Lexer(expression);
        lexer.statements();
        return lexer.tokens;
    }

    private int peek() {
        return pos < input.length ? input[pos] & 0xFF : EOF;
    }

    private boolean accept(String set) {
        int c = peek();
        if (c != EOF && set.indexOf(c) >= 0) {
            pos++;
            return true;
        }
        return false;
    }

    private void emit(TokenType type) {
        tokens.add(new Token(type, new Span(start, pos), text()));
        start = pos;
    }

    private String text() {
        return new String(input, start, pos - start, StandardCharsets.UTF_8);
    }

    private void error(String message) {
        errorInString(message);
        failed = true;
    }

    /** Upstream's lexer goes on reading a string after an error in it. */
    private void errorInString(String message) {
        tokens.add(new Token(TokenType.ERROR, new Span(Math.min(start, input.length), input.length), message));
    }

    /** The code point that starts one byte before the present position. */
    private int lastChar() {
        String rest = new String(input, pos - 1, Math.min(4, input.length - pos + 1), StandardCharsets.UTF_8);
        return rest.codePointAt(0);
    }

    private void errorAtChar(String message) {
        error(message + Quoting.quoteChar(lastChar()));
    }

    private void skipBlanksAndComments() {
        while (true) {
            int c = peek();
            if (isSpace(c)) {
                pos++;
                start = pos;
            } else if (c == '#') {
                while (peek() != '\n' && peek() != EOF) {
                    pos++;
                }
                emit(TokenType.COMMENT);
            } else {
                return;
            }
        }
    }

    private void statements() {
        while (!failed) {
            skipBlanksAndComments();
            int c = peek();
            if (c == EOF) {
                if (parenDepth > 0) {
                    error("unclosed left parenthesis");
                } else {
                    emit(TokenType.EOF);
                }
                return;
            }
            pos++;
            if (isDigit(c) || (c == '.' && isDigit(peek()))) {
                pos--;
                number();
            } else if (isAlpha(c) || c == ':') {
                pos--;
                word();
            } else {
                symbol(c);
            }
        }
    }

    private void symbol(int c) {
        switch (c) {
            case ',' -> emit(TokenType.COMMA);
            case '*' -> emit(TokenType.MUL);
            case '/' -> emit(TokenType.DIV);
            case '%' -> emit(TokenType.MOD);
            case '+' -> emit(TokenType.ADD);
            case '-' -> emit(TokenType.SUB);
            case '^' -> emit(TokenType.POW);
            case '@' -> emit(TokenType.AT);
            case '=' -> {
                if (accept("=")) {
                    emit(TokenType.EQLC);
                } else if (peek() == '~') {
                    error("unexpected character after '=': '~'");
                } else {
                    emit(TokenType.EQL);
                }
            }
            case '!' -> {
                if (accept("=")) {
                    emit(TokenType.NEQ);
                } else {
                    afterExclamation("unexpected character after '!': ");
                }
            }
            case '<' -> emit(accept("=") ? TokenType.LTE : accept("/") ? TokenType.TRIM_UPPER : TokenType.LSS);
            case '>' -> emit(accept("=") ? TokenType.GTE : accept("/") ? TokenType.TRIM_LOWER : TokenType.GTR);
            case '"', '\'' -> string(c);
            case '`' -> rawString();
            case '(' -> open();
            case ')' -> close();
            case '{' -> {
                emit(TokenType.LEFT_BRACE);
                insideBraces();
            }
            case '[' -> {
                gotColon = false;
                gotDuration = false;
                emit(TokenType.LEFT_BRACKET);
                insideBrackets();
            }
            case ']' -> error("unexpected right bracket ']'");
            default -> errorAtChar("unexpected character: ");
        }
    }

    private void afterExclamation(String message) {
        if (peek() == EOF) {
            error(message + "end of input");
        } else {
            pos++;
            errorAtChar(message);
        }
    }

    private void open() {
        emit(TokenType.LEFT_PAREN);
        parenDepth++;
    }

    private void close() {
        if (--parenDepth < 0) {
            start = pos;
            error("unexpected right parenthesis ')'");
        } else {
            emit(TokenType.RIGHT_PAREN);
        }
    }

    private void word() {
        while (isAlphaNumeric(peek()) || peek() == ':') {
            pos++;
        }
        String word = text();
        TokenType keyword = TokenType.keyword(word.toLowerCase(Locale.ROOT));
        boolean fill = keyword == TokenType.FILL || keyword == TokenType.FILL_LEFT || keyword == TokenType.FILL_RIGHT;
        if (fill && !parenthesisFollows()) {
            keyword = null;
        }
        emit(keyword != null ? keyword : word.indexOf(':') < 0 ? TokenType.IDENTIFIER : TokenType.METRIC_IDENTIFIER);
    }

    private boolean parenthesisFollows() {
        int i = pos;
        while (i < input.length && isSpace(input[i])) {
            i++;
        }
        return i < input.length && input[i] == '(';
    }

    private void insideBraces() {
        while (!failed) {
            skipBlanksAndComments();
            int c = peek();
            if (c == EOF) {
                error("unexpected end of input inside braces");
                return;
            }
            pos++;
            switch (c) {
                case ',' -> emit(TokenType.COMMA);
                case '"', '\'' -> string(c);
                case '`' -> rawString();
                case '=' -> emit(accept("~") ? TokenType.EQL_REGEX : TokenType.EQL);
                case '!' -> {
                    if (accept("~")) {
                        emit(TokenType.NEQ_REGEX);
                    } else if (accept("=")) {
                        emit(TokenType.NEQ);
                    } else {
                        afterExclamation("unexpected character after '!' inside braces: ");
                    }
                }
                case '{' -> error("unexpected left brace '{'");
                case '}' -> {
                    emit(TokenType.RIGHT_BRACE);
                    return;
                }
                default -> {
                    if (!isAlpha(c)) {
                        errorAtChar("unexpected character inside braces: ");
                        return;
                    }
                    while (isAlphaNumeric(peek())) {
                        pos++;
                    }
                    emit(TokenType.IDENTIFIER);
                }
            }
        }
    }

    private void insideBrackets() {
        while (!failed) {
            skipBlanksAndComments();
            int c = peek();
            if (c == EOF) {
                error("unexpected end of input in duration expression");
                return;
            }
            pos++;
            switch (c) {
                case ']' -> {
                    emit(TokenType.RIGHT_BRACKET);
                    return;
                }
                case ':' -> colon();
                case '(' -> open();
                case ')' -> close();
                case '+' -> emit(TokenType.ADD);
                case '-' -> emit(TokenType.SUB);
                case '*' -> emit(TokenType.MUL);
                case '/' -> emit(TokenType.DIV);
                case '%' -> emit(TokenType.MOD);
                case '^' -> emit(TokenType.POW);
                case ',' -> emit(TokenType.COMMA);
                default -> {
                    if (isDigit(c) || (c == '.' && isDigit(peek()))) {
                        pos--;
                        gotDuration = true;
                        number();
                    } else if (isAlpha(c)) {
                        durationWord(c);
                    } else {
                        errorAtChar("unexpected character in duration expression: ");
                    }
                }
            }
        }
    }

    private void colon() {
        if (!gotDuration) {
            error("unexpected colon before duration in duration expression");
        } else if (gotColon) {
            error("unexpected repeated colon in duration expression");
        } else {
            emit(TokenType.COLON);
            gotColon = true;
        }
    }

    private void durationWord(int first) {
        while (isAlphaNumeric(peek())) {
            pos++;
        }
        TokenType keyword = TokenType.keyword(text().toLowerCase(Locale.ROOT));
        if (keyword == TokenType.STEP
                || keyword == TokenType.RANGE
                || keyword == TokenType.MIN_OF
                || keyword == TokenType.MAX_OF) {
            gotDuration = true;
            emit(keyword);
        } else {
            error("unexpected character: " + Quoting.quoteChar(first) + ", expected ':'");
        }
    }

    private void number() {
        NumberScanner scanner = new NumberScanner(input, pos);
        TokenType type = scanner.scan();
        pos = scanner.end();
        if (type == TokenType.ERROR) {
            error("bad number or duration syntax: " + Quoting.quote(text()));
        } else {
            emit(type);
        }
    }

    private void string(int quote) {
        while (true) {
            int c = peek();
            if (c == EOF || c == '\n') {
                error("unterminated quoted string");
                return;
            }
            nextInString(c);
            if (c == quote) {
                emit(TokenType.STRING);
                return;
            }
            if (c == '\\') {
                escape(quote);
            }
        }
    }

    private void rawString() {
        while (true) {
            int c = peek();
            if (c == EOF) {
                error("unterminated raw string");
                return;
            }
            nextInString(c);
            if (c == '`') {
                emit(TokenType.STRING);
                return;
            }
        }
    }

    private void nextInString(int c) {
        int length = c < 0x80 ? 1 : Quoting.sequenceLength(input, pos);
        if (length == 0) {
            errorInString("invalid UTF-8 rune");
        }
        pos += Math.max(1, length);
    }

    private void escape(int quote) {
        int c = peek();
        if (c == EOF) {
            errorInString("escape sequence not terminated");
            return;
        }
        pos++;
        if (c == quote || "abfnrtv\\".indexOf(c) >= 0) {
            return;
        }
        switch (c) {
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                pos--;
                digits(3, 8, 255);
            }
            case 'x' -> digits(2, 16, 255);
            case 'u' -> digits(4, 16, Character.MAX_CODE_POINT);
            case 'U' -> digits(8, 16, Character.MAX_CODE_POINT);
            default -> errorInString("unknown escape sequence " + unicode(lastChar()));
        }
    }

    private void digits(int count, int radix, long max) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            int d = peek();
            if (d == EOF) {
                errorInString("escape sequence not terminated");
                return;
            }
            pos++;
            if (Character.digit(d, radix) < 0 || d > 127) {
                errorInString("illegal character " + unicode(lastChar()) + " in escape sequence");
                return;
            }
            value = value * radix + Character.digit(d, radix);
        }
        if (value > max || (value >= 0xD800 && value < 0xE000)) {
            errorInString("escape sequence is an invalid Unicode code point");
        }
    }

    private static String unicode(int c) {
        String hex = Integer.toHexString(c).toUpperCase(Locale.ROOT);
        return "U+" + "0".repeat(Math.max(0, 4 - hex.length())) + hex + " " + Quoting.quoteChar(c);
    }

    static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isAlpha(int c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isAlphaNumeric(int c) {
        return isAlpha(c) || isDigit(c);
    }
}
