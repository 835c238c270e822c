package org.narthex.promql.parser;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads PromQL by precedence climbing, then checks types. */
public final class Parser {
    /** Deeper nesting would overflow even the deep stack of those who walk the trees of long expressions. */
    private static final int MAX_DEPTH = 20_000;

    private static final int UNARY_BINDS = 6;

    private final TokenStream tokens;
    private final Language language;
    private final DurationParser durations;
    private final SelectorParser selectors;
    private int depth;

    private Parser(String expression, Language language) {
        this.tokens = new TokenStream(expression);
        this.language = language;
        this.durations = new DurationParser(tokens);
        this.selectors = new SelectorParser(tokens);
    }

    public static Expr parse(String expression, Language language) throws ParseException {
        Parser parser = new Parser(expression, language);
        if (parser.tokens.peekType() == TokenType.EOF) {
            throw parser.tokens.error(new Span(0, 0), "no expression found in input");
        }
        Expr expr = parser.expression(0);
        if (parser.tokens.peekType() != TokenType.EOF) {
            throw parser.tokens.unexpected();
        }
        new TypeCheck(expression, language).check(expr);
        return expr;
    }

    /** Reads a selector such as {@code up{job="a"}}, without range, offset or {@code @}. */
    public static Expr.VectorSelector parseSelector(String expression, Language language) throws ParseException {
        Parser parser = new Parser(expression, language);
        Expr expr = parser.primary();
        if (!(expr instanceof Expr.VectorSelector selector)) {
            throw parser.tokens.error(expr.span(), "expected a series selector");
        }
        if (parser.tokens.peekType() != TokenType.EOF) {
            throw parser.tokens.unexpected();
        }
        new TypeCheck(expression, language).check(expr);
        return selector;
    }

    /** How tightly a binary operator binds; -1 if it is none. */
    private static int precedence(TokenType type) {
        return switch (type) {
            case LOR -> 1;
            case LAND, LUNLESS -> 2;
            case EQLC, NEQ, LTE, LSS, GTE, GTR, TRIM_UPPER, TRIM_LOWER -> 3;
            case ADD, SUB -> 4;
            case MUL, DIV, MOD, ATAN2 -> 5;
            case POW -> UNARY_BINDS;
            default -> -1;
        };
    }

    private Expr expression(int minPrecedence) throws ParseException {
        if (++depth > MAX_DEPTH) {
            throw tokens.error(tokens.peek().span(), "expression is nested too deeply");
        }
        Expr left = unary();
        while (true) {
            TokenType operator = tokens.peekType();
            int precedence = precedence(operator);
            if (precedence < 0 || precedence < minPrecedence) {
                depth--;
                return left;
            }
            tokens.take();
            Modifiers modifiers = new Modifiers(tokens, language);
            modifiers.read();
            // Only the power operator groups to the right.
            Expr right = expression(operator == TokenType.POW ? precedence : precedence + 1);
            left = modifiers.binary(operator, left, right);
        }
    }

    private Expr unary() throws ParseException {
        Token sign = tokens.peek();
        if (sign.type() != TokenType.ADD && sign.type() != TokenType.SUB) {
            return postfix(primary());
        }
        tokens.take();
        Expr inner = expression(UNARY_BINDS);
        Span span = new Span(sign.span().start(), inner.span().end());
        if (inner instanceof Expr.NumberLiteral number) {
            double value = sign.type() == TokenType.SUB ? -number.value() : number.value();
            return new Expr.NumberLiteral(value, number.isDuration(), span);
        }
        return new Expr.Unary(sign.type(), inner, span);
    }

    private Expr primary() throws ParseException {
        Token token = tokens.peek();
        switch (token.type()) {
            case NUMBER, DURATION -> {
                tokens.take();
                return new Expr.NumberLiteral(tokens.number(token), token.type() == TokenType.DURATION, token.span());
            }
            case STRING -> {
                tokens.take();
                return new Expr.StringLiteral(Quoting.unquote(token.text()), token.span());
            }
            case LEFT_PAREN -> {
                tokens.take();
                Expr inner = expression(0);
                tokens.expect(TokenType.RIGHT_PAREN, "", "");
                return new Expr.Paren(inner, new Span(token.span().start(), tokens.end()));
            }
            case LEFT_BRACE -> {
                return selectors.selector("", token.span().start());
            }
            default -> {
                boolean names = token.type() == TokenType.IDENTIFIER
                        || token.type() == TokenType.METRIC_IDENTIFIER
                        || token.type().mayNameMetric();
                if (!names) {
                    throw tokens.unexpected();
                }
                tokens.take();
                return named(token);
            }
        }
    }

    private Expr named(Token token) throws ParseException {
        TokenType follows = tokens.peekType();
        boolean grouped = follows == TokenType.LEFT_PAREN || follows == TokenType.BY || follows == TokenType.WITHOUT;
        if (token.type().isAggregation() && grouped) {
            return aggregate(token);
        }
        boolean callable = token.type() == TokenType.IDENTIFIER
                || token.type() == TokenType.START
                || token.type() == TokenType.END
                || token.type() == TokenType.STEP
                || token.type() == TokenType.RANGE
                || token.type() == TokenType.MIN_OF
                || token.type() == TokenType.MAX_OF;
        if (callable && follows == TokenType.LEFT_PAREN) {
            return call(token);
        }
        return selectors.selector(token.text(), token.span().start());
    }

    private Expr call(Token token) throws ParseException {
        String name = token.type() == TokenType.IDENTIFIER
                ? token.text()
                : token.text().toLowerCase(Locale.ROOT);
        List<Expr> arguments = arguments();
        Optional<Signature> function = language.function(name);
        if (function.isEmpty()) {
            throw tokens.error(token.span(), "unknown function with name " + Quoting.quote(name));
        }
        if (function.get().experimental() && !language.experimentalFunctions()) {
            throw tokens.error(
                    token.span(),
                    "function " + Quoting.quote(name)
                            + " is not enabled; it needs --enable-feature=promql-experimental-functions");
        }
        return new Expr.Call(function.get(), arguments, new Span(token.span().start(), tokens.end()));
    }

    private List<Expr> arguments() throws ParseException {
        tokens.expect(TokenType.LEFT_PAREN, "", "");
        List<Expr> arguments = new ArrayList<>();
        if (tokens.takeIf(TokenType.RIGHT_PAREN)) {
            return arguments;
        }
        while (true) {
            arguments.add(expression(0));
            if (tokens.takeIf(TokenType.RIGHT_PAREN)) {
                return arguments;
            }
            Token comma = tokens.expect(TokenType.COMMA, "", "");
            if (tokens.peekType() == TokenType.RIGHT_PAREN) {
                throw tokens.error(comma.span(), "trailing commas not allowed in function call args");
            }
        }
    }

    private Expr aggregate(Token operator) throws ParseException {
        List<String> grouping = List.of();
        boolean without = false;
        boolean clauseGiven = tokens.peekType() != TokenType.LEFT_PAREN;
        if (clauseGiven) {
            without = tokens.take().type() == TokenType.WITHOUT;
            grouping = new Modifiers(tokens, language).labelList();
        }
        List<Expr> arguments = arguments();
        if (!clauseGiven && (tokens.peekType() == TokenType.BY || tokens.peekType() == TokenType.WITHOUT)) {
            without = tokens.take().type() == TokenType.WITHOUT;
            grouping = new Modifiers(tokens, language).labelList();
        }
        Span span = new Span(operator.span().start(), tokens.end());
        if (arguments.isEmpty()) {
            throw tokens.error(span, "no arguments for aggregate expression provided");
        }
        TokenType type = operator.type();
        int expected = type.isAggregationWithParameter() ? 2 : 1;
        if (arguments.size() != expected) {
            throw tokens.error(
                    span,
                    "wrong number of arguments for aggregate expression provided, expected " + expected + ", got "
                            + arguments.size());
        }
        boolean experimental = type == TokenType.LIMITK || type == TokenType.LIMIT_RATIO;
        if (experimental && !language.experimentalFunctions()) {
            throw tokens.error(
                    operator.span(),
                    type.text() + "() is experimental and must be enabled with"
                            + " --enable-feature=promql-experimental-functions");
        }
        Expr parameter = expected == 2 ? arguments.get(0) : null;
        return new Expr.Aggregate(type, arguments.get(expected - 1), parameter, grouping, without, span);
    }

    private Expr postfix(Expr start) throws ParseException {
        Expr expr = start;
        while (true) {
            switch (tokens.peekType()) {
                case LEFT_BRACKET -> expr = bracket(expr);
                case OFFSET -> {
                    tokens.take();
                    expr = offset(expr, durations.offset());
                }
                case AT -> {
                    tokens.take();
                    expr = at(expr);
                }
                case ANCHORED, SMOOTHED -> expr = edges(expr, tokens.take());
                default -> {
                    return expr;
                }
            }
        }
    }

    private Expr bracket(Expr expr) throws ParseException {
        Token open = tokens.take();
        DurationExpr range = durations.positive();
        if (tokens.takeIf(TokenType.COLON)) {
            DurationExpr step = tokens.peekType() == TokenType.RIGHT_BRACKET ? null : durations.positive();
            tokens.expect(TokenType.RIGHT_BRACKET, "subquery selector", "\"]\"");
            return new Expr.Subquery(
                    expr, range, step, Expr.Shift.NONE, new Span(expr.span().start(), tokens.end()));
        }
        tokens.expect(TokenType.RIGHT_BRACKET, "subquery or range", "\":\" or \"]\"");
        Span brackets = new Span(open.span().start(), tokens.end());
        if (!(expr instanceof Expr.VectorSelector selector)) {
            throw tokens.error(brackets, "ranges only allowed for vector selectors");
        }
        if (selector.shift().offset() != null) {
            throw tokens.error(brackets, "no offset modifiers allowed before range");
        }
        if (selector.shift().pin() != Expr.Pin.NONE) {
            throw tokens.error(brackets, "no @ modifiers allowed before range");
        }
        return new Expr.MatrixSelector(selector, range, new Span(expr.span().start(), tokens.end()));
    }

    private Expr offset(Expr expr, DurationExpr offset) throws ParseException {
        Expr.Shift shift = shift(expr, "offset modifier");
        if (shift.offset() != null) {
            throw tokens.error(expr.span(), "offset may not be set multiple times");
        }
        return shifted(expr, shift.withOffset(offset));
    }

    private Expr at(Expr expr) throws ParseException {
        Token token = tokens.peek();
        if (token.type() == TokenType.START || token.type() == TokenType.END) {
            tokens.take();
            tokens.expect(TokenType.LEFT_PAREN, "@", "timestamp");
            tokens.expect(TokenType.RIGHT_PAREN, "@", "\")\"");
            return shifted(
                    expr, pinnable(expr).withPin(token.type() == TokenType.START ? Expr.Pin.START : Expr.Pin.END));
        }
        boolean minus = token.type() == TokenType.SUB;
        if (minus || token.type() == TokenType.ADD) {
            tokens.take();
        }
        token = tokens.peek();
        if (token.type() != TokenType.NUMBER && token.type() != TokenType.DURATION) {
            throw tokens.unexpected("@", "timestamp");
        }
        tokens.take();
        double seconds = minus ? -tokens.number(token) : tokens.number(token);
        Expr.Shift shift = pinnable(expr);
        if (!(Math.abs(seconds) < Long.MAX_VALUE)) {
            throw tokens.error(expr.span(), "timestamp out of bounds for @ modifier: " + Printer.fixed(seconds, 6));
        }
        return shifted(expr, shift.withTimestamp(Math.round(seconds * 1000)));
    }

    private Expr.Shift pinnable(Expr expr) throws ParseException {
        Expr.Shift shift = shift(expr, "@ modifier");
        if (shift.pin() != Expr.Pin.NONE) {
            throw tokens.error(expr.span(), "@ <timestamp> may not be set multiple times");
        }
        return shift;
    }

    private Expr.Shift shift(Expr expr, String modifier) throws ParseException {
        if (expr instanceof Expr.VectorSelector selector) {
            return selector.shift();
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            return matrix.selector().shift();
        }
        if (expr instanceof Expr.Subquery subquery) {
            return subquery.shift();
        }
        throw tokens.error(
                expr.span(),
                modifier + " must be preceded by an instant vector selector or range vector selector or a subquery");
    }

    private Expr shifted(Expr expr, Expr.Shift shift) {
        Span span = new Span(expr.span().start(), tokens.end());
        if (expr instanceof Expr.VectorSelector s) {
            return new Expr.VectorSelector(s.name(), s.matchers(), s.edges(), shift, span);
        }
        if (expr instanceof Expr.MatrixSelector m) {
            Expr.VectorSelector s = m.selector();
            return new Expr.MatrixSelector(
                    new Expr.VectorSelector(s.name(), s.matchers(), s.edges(), shift, s.span()), m.range(), span);
        }
        Expr.Subquery q = (Expr.Subquery) expr;
        return new Expr.Subquery(q.inner(), q.range(), q.step(), shift, span);
    }

    private Expr edges(Expr expr, Token word) throws ParseException {
        Expr.Edges edges = word.type() == TokenType.ANCHORED ? Expr.Edges.ANCHORED : Expr.Edges.SMOOTHED;
        if (!language.extendedRangeSelectors()) {
            throw tokens.error(
                    word.span(),
                    word.text() + " modifier is experimental and not enabled;"
                            + " it needs --enable-feature=promql-extended-range-selectors");
        }
        Expr.VectorSelector selector;
        if (expr instanceof Expr.MatrixSelector matrix) {
            selector = matrix.selector();
        } else if (expr instanceof Expr.VectorSelector vector) {
            selector = vector;
        } else {
            throw tokens.error(
                    expr.span(),
                    word.text() + " modifier must be preceded by an instant or range vector selector, but follows a "
                            + expr.type().documented() + " instead");
        }
        if (selector.edges() != Expr.Edges.PLAIN) {
            throw tokens.error(expr.span(), "anchored and smoothed modifiers cannot be used together");
        }
        Span span = new Span(expr.span().start(), tokens.end());
        Expr.VectorSelector changed = new Expr.VectorSelector(
                selector.name(),
                selector.matchers(),
                edges,
                selector.shift(),
                expr instanceof Expr.MatrixSelector ? selector.span() : span);
        return expr instanceof Expr.MatrixSelector matrix
                ? new Expr.MatrixSelector(changed, matrix.range(), span)
                : changed;
    }

    /** Whether the text may name a label here: any valid, non-empty UTF-8. */
    static boolean isLabelName(String name) {
        return !name.isEmpty() && Quoting.isValidUtf8(name);
    }
}
