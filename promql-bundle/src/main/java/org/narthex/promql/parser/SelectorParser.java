package org.narthex.promql.parser;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** Reads what stands in braces: matchers, and a quoted metric name. */
final class SelectorParser {
    private static final String CONTEXT = "label matching";

    private final TokenStream tokens;

    SelectorParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** Reads {@code {…}} if it follows; the name, if given, becomes the last matcher. */
    Expr.VectorSelector selector(String name, int start) throws ParseException {
        List<Matcher> matchers = new ArrayList<>();
        if (tokens.takeIf(TokenType.LEFT_BRACE)) {
            matchers(matchers);
        }
        if (!name.isEmpty()) {
            matchers.add(Matcher.equal(Labels.METRIC_NAME, name));
        }
        return new Expr.VectorSelector(
                name, List.copyOf(matchers), Expr.Edges.PLAIN, Expr.Shift.NONE, new Span(start, tokens.end()));
    }

    private void matchers(List<Matcher> matchers) throws ParseException {
        if (tokens.takeIf(TokenType.RIGHT_BRACE)) {
            return;
        }
        while (true) {
            matchers.add(matcher());
            if (tokens.takeIf(TokenType.RIGHT_BRACE)) {
                return;
            }
            tokens.expect(TokenType.COMMA, CONTEXT, "\",\" or \"}\"");
            if (tokens.takeIf(TokenType.RIGHT_BRACE)) {
                return;
            }
        }
    }

    private Matcher matcher() throws ParseException {
        Token left = tokens.peek();
        if (left.type() != TokenType.IDENTIFIER && left.type() != TokenType.STRING) {
            throw tokens.unexpected(CONTEXT, "identifier or \"}\"");
        }
        tokens.take();
        boolean quoted = left.type() == TokenType.STRING;
        String name = quoted ? Quoting.unquote(left.text()) : left.text();
        Token operator = tokens.peek();
        Matcher.Type type =
                switch (operator.type()) {
                    case EQL -> Matcher.Type.EQUAL;
                    case NEQ -> Matcher.Type.NOT_EQUAL;
                    case EQL_REGEX -> Matcher.Type.REGEX;
                    case NEQ_REGEX -> Matcher.Type.NOT_REGEX;
                    default -> null;
                };
        if (type == null) {
            boolean ends = operator.type() == TokenType.COMMA || operator.type() == TokenType.RIGHT_BRACE;
            if (quoted && ends) {
                return Matcher.equal(Labels.METRIC_NAME, name);
            }
            throw tokens.unexpected(CONTEXT, "label matching operator");
        }
        tokens.take();
        Token value = tokens.expect(TokenType.STRING, CONTEXT, "string");
        try {
            return Matcher.of(type, name, Quoting.unquote(value.text()));
        } catch (IllegalArgumentException e) {
            throw tokens.error(new Span(left.span().start(), value.span().end()), e.getMessage());
        }
    }
}
