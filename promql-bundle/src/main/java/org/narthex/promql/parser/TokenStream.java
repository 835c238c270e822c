package org.narthex.promql.parser;

import java.util.List;
import java.util.Locale;

import org.narthex.api.model.PromDuration;

/** The tokens of an expression with one token of look-ahead, and what all parts of the parser share: errors, labels, numbers. */
final class TokenStream {
    private final String expression;
    private final List<Token> tokens;
    private int next;

    TokenStream(String expression) {
        this.expression = expression;
        this.tokens = Lexer.tokens(expression);
    }

    Token peek() {
        return tokens.get(next);
    }

    TokenType peekType() {
        return tokens.get(next).type();
    }

    TokenType typeAfterNext() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1)).type();
    }

    Token take() {
        Token token = tokens.get(next);
        if (next < tokens.size() - 1) {
            next++;
        }
        return token;
    }

    boolean takeIf(TokenType type) {
        if (peekType() == type) {
            take();
            return true;
        }
        return false;
    }

    Token expect(TokenType type, String context, String expected) throws ParseException {
        if (peekType() != type) {
            throw unexpected(context, expected);
        }
        return take();
    }

    /** End of the token taken last. */
    int end() {
        return next == 0 ? 0 : tokens.get(next - 1).span().end();
    }

    ParseException error(Span span, String reason) {
        return new ParseException(expression, span, reason);
    }

    ParseException unexpected() {
        return unexpected("", "");
    }

    /** The next token does not fit; a lexical error is reported as it is. */
    ParseException unexpected(String context, String expected) {
        Token token = peek();
        if (token.type() == TokenType.ERROR) {
            return error(token.span(), token.text());
        }
        return error(
                token.span(),
                "unexpected " + token.description() + (context.isEmpty() ? "" : " in " + context)
                        + (expected.isEmpty() ? "" : ", expected " + expected));
    }

    /** Seconds of a NUMBER or DURATION token. */
    double number(Token token) throws ParseException {
        return token.type() == TokenType.DURATION ? durationMs(token) / 1000.0 : parseNumber(token);
    }

    private double parseNumber(Token token) throws ParseException {
        String text = token.text().replace("_", "").toLowerCase(Locale.ROOT);
        if (text.equals("inf")) {
            return Double.POSITIVE_INFINITY;
        }
        if (text.equals("nan")) {
            return Double.NaN;
        }
        try {
            if (text.startsWith("0x")) {
                return Long.parseLong(text.substring(2), 16);
            }
            if (text.length() > 1 && text.charAt(0) == '0' && isOctal(text)) {
                return Long.parseLong(text, 8);
            }
            double value = Double.parseDouble(text);
            if (Double.isInfinite(value)) {
                throw numberError(token, "value out of range");
            }
            return value;
        } catch (NumberFormatException e) {
            throw numberError(token, "invalid syntax");
        }
    }

    private ParseException numberError(Token token, String why) {
        return error(
                token.span(),
                "error parsing number: strconv.ParseFloat: parsing " + Quoting.quote(token.text()) + ": " + why);
    }

    private static boolean isOctal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '7') {
                return false;
            }
        }
        return true;
    }

    private long durationMs(Token token) throws ParseException {
        String text = token.text();
        try {
            return PromDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw error(token.span(), durationError(text));
        }
    }

    private static String durationError(String text) {
        int i = 0;
        while (i < text.length()) {
            while (i < text.length() && Lexer.isDigit(text.charAt(i))) {
                i++;
            }
            int unit = i;
            while (i < text.length() && !Lexer.isDigit(text.charAt(i))) {
                i++;
            }
            String found = text.substring(unit, i);
            if (found.length() > 1 && !found.equals("ms")) {
                return "unknown unit " + Quoting.quote(found) + " in duration " + Quoting.quote(text);
            }
        }
        try {
            PromDuration.parse(text);
            return "duration out of range";
        } catch (IllegalArgumentException e) {
            String message = e.getMessage();
            return message.startsWith("duration out of range") ? "duration out of range" : message;
        }
    }
}
