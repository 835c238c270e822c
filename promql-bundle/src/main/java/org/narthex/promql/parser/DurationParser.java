package org.narthex.promql.parser;

import java.util.Locale;

/** Reads durations of ranges, steps and offsets, with their arithmetic. */
final class DurationParser {
    private static final String IN_RANGE = "subquery or range selector";
    private static final String EXPECTED = "number, duration, step(), or range()";
    /** Beyond this a duration does not fit the nanoseconds Prometheus counts in. */
    private static final double MAX_SECONDS = 0x1p63 / 1e9;

    private final TokenStream tokens;

    DurationParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** The duration in {@code [ ]} or after the colon; a plain number must be positive. */
    DurationExpr positive() throws ParseException {
        DurationExpr duration = sum(IN_RANGE);
        // What arithmetic gives is checked when the query runs.
        if (duration instanceof DurationExpr.Literal literal) {
            check(literal);
            if (literal.seconds() <= 0) {
                throw tokens.error(literal.span(), "duration must be greater than 0");
            }
        }
        return duration;
    }

    /** The duration after {@code offset}: arithmetic needs parentheses there. */
    DurationExpr offset() throws ParseException {
        Token sign = tokens.peek();
        boolean signed = sign.type() == TokenType.ADD || sign.type() == TokenType.SUB;
        if (signed) {
            tokens.take();
        }
        DurationExpr duration = primary("offset", EXPECTED);
        duration = signed ? signed(sign, duration) : duration;
        if (duration instanceof DurationExpr.Literal literal) {
            check(literal);
        }
        return duration;
    }

    private void check(DurationExpr.Literal duration) throws ParseException {
        double seconds = duration.seconds();
        if (!(Math.abs(seconds) < MAX_SECONDS)) {
            throw tokens.error(duration.span(), "duration out of range");
        }
    }

    private DurationExpr sum(String context) throws ParseException {
        DurationExpr left = product(context);
        while (tokens.peekType() == TokenType.ADD || tokens.peekType() == TokenType.SUB) {
            Token operator = tokens.take();
            left = arithmetic(operator, left, product(context));
        }
        return left;
    }

    private DurationExpr product(String context) throws ParseException {
        DurationExpr left = unary(context);
        while (tokens.peekType() == TokenType.MUL
                || tokens.peekType() == TokenType.DIV
                || tokens.peekType() == TokenType.MOD) {
            Token operator = tokens.take();
            left = arithmetic(operator, left, unary(context));
        }
        return left;
    }

    private DurationExpr unary(String context) throws ParseException {
        Token sign = tokens.peek();
        if (sign.type() == TokenType.ADD || sign.type() == TokenType.SUB) {
            tokens.take();
            return signed(sign, unary(context));
        }
        return power(context);
    }

    private DurationExpr power(String context) throws ParseException {
        DurationExpr left = primary(context, EXPECTED);
        if (tokens.peekType() == TokenType.POW) {
            Token operator = tokens.take();
            return arithmetic(operator, left, unary(context));
        }
        return left;
    }

    private static DurationExpr signed(Token sign, DurationExpr inner) {
        Span span = new Span(sign.span().start(), inner.span().end());
        boolean minus = sign.type() == TokenType.SUB;
        if (inner instanceof DurationExpr.Literal literal) {
            return new DurationExpr.Literal(minus ? -literal.seconds() : literal.seconds(), literal.isDuration(), span);
        }
        return minus ? new DurationExpr.Negated(inner, span) : inner;
    }

    private DurationExpr arithmetic(Token operator, DurationExpr left, DurationExpr right) throws ParseException {
        boolean divides = operator.type() == TokenType.DIV || operator.type() == TokenType.MOD;
        if (divides && right.isConstant() && right.seconds(0, 0) == 0) {
            throw tokens.error(
                    operator.span(), operator.type() == TokenType.DIV ? "division by zero" : "modulo by zero");
        }
        return new DurationExpr.Arithmetic(operator.type(), left, right, operator.span());
    }

    private DurationExpr primary(String context, String expected) throws ParseException {
        Token token = tokens.peek();
        switch (token.type()) {
            case NUMBER, DURATION -> {
                tokens.take();
                return new DurationExpr.Literal(tokens.number(token), token.type() == TokenType.DURATION, token.span());
            }
            case STEP, RANGE -> {
                tokens.take();
                tokens.expect(TokenType.LEFT_PAREN, context, expected);
                tokens.expect(TokenType.RIGHT_PAREN, context, "\")\"");
                return new DurationExpr.OfQuery(
                        token.type(), new Span(token.span().start(), tokens.end()));
            }
            case MIN_OF, MAX_OF -> {
                tokens.take();
                tokens.expect(
                        TokenType.LEFT_PAREN,
                        context,
                        "\"(\" after " + token.text().toLowerCase(Locale.ROOT));
                DurationExpr left = sum(context);
                tokens.expect(TokenType.COMMA, context, "\",\"");
                DurationExpr right = sum(context);
                tokens.expect(TokenType.RIGHT_PAREN, context, "\")\"");
                return new DurationExpr.Choice(
                        token.type(), left, right, new Span(token.span().start(), tokens.end()));
            }
            case LEFT_PAREN -> {
                tokens.take();
                DurationExpr inner = sum(context);
                tokens.expect(TokenType.RIGHT_PAREN, context, "\")\"");
                return new DurationExpr.Paren(inner, new Span(token.span().start(), tokens.end()));
            }
            default -> throw tokens.unexpected(context, expected);
        }
    }
}
