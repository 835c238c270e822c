package org.narthex.promql.parser;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What may stand between a binary operator and its right side: bool, on, ignoring, group_left, group_right, fill. */
final class Modifiers {
    private final TokenStream tokens;
    private final Language language;
    private Span bool;
    private boolean matchingGiven;
    private Expr.Cardinality cardinality = Expr.Cardinality.ONE_TO_ONE;
    private boolean on;
    private List<String> labels = List.of();
    private List<String> include = List.of();
    private Optional<Double> fillLeft = Optional.empty();
    private Optional<Double> fillRight = Optional.empty();
    private Span operatorAndModifiers;

    Modifiers(TokenStream tokens, Language language) {
        this.tokens = tokens;
        this.language = language;
    }

    void read() throws ParseException {
        int start = tokens.end();
        if (tokens.peekType() == TokenType.BOOL) {
            bool = tokens.take().span();
        }
        if (tokens.peekType() == TokenType.ON || tokens.peekType() == TokenType.IGNORING) {
            matchingGiven = true;
            on = tokens.take().type() == TokenType.ON;
            labels = labelList();
            if (tokens.peekType() == TokenType.GROUP_LEFT || tokens.peekType() == TokenType.GROUP_RIGHT) {
                cardinality = tokens.take().type() == TokenType.GROUP_LEFT
                        ? Expr.Cardinality.MANY_TO_ONE
                        : Expr.Cardinality.ONE_TO_MANY;
                if (tokens.peekType() == TokenType.LEFT_PAREN) {
                    include = labelList();
                }
            }
        }
        while (tokens.peekType() == TokenType.FILL
                || tokens.peekType() == TokenType.FILL_LEFT
                || tokens.peekType() == TokenType.FILL_RIGHT) {
            fill(tokens.take());
        }
        operatorAndModifiers = new Span(start, tokens.end());
    }

    private void fill(Token word) throws ParseException {
        if (!language.fillModifiers()) {
            throw tokens.error(
                    word.span(),
                    "binop fill modifiers are experimental and not enabled;"
                            + " they need --enable-feature=promql-binop-fill-modifiers");
        }
        tokens.expect(TokenType.LEFT_PAREN, "fill modifier", "\"(\"");
        boolean minus = tokens.peekType() == TokenType.SUB;
        if (minus || tokens.peekType() == TokenType.ADD) {
            tokens.take();
        }
        Token number = tokens.peek();
        if (number.type() != TokenType.NUMBER && number.type() != TokenType.DURATION) {
            throw tokens.unexpected("fill modifier", "number");
        }
        tokens.take();
        Optional<Double> value = Optional.of(minus ? -tokens.number(number) : tokens.number(number));
        tokens.expect(TokenType.RIGHT_PAREN, "fill modifier", "\")\"");
        if (word.type() != TokenType.FILL_RIGHT) {
            fillLeft = value;
        }
        if (word.type() != TokenType.FILL_LEFT) {
            fillRight = value;
        }
    }

    /** Reads {@code (a, b, …)}; a trailing comma is allowed. */
    List<String> labelList() throws ParseException {
        String context = "grouping opts";
        tokens.expect(TokenType.LEFT_PAREN, context, "\"(\"");
        List<String> names = new ArrayList<>();
        while (!tokens.takeIf(TokenType.RIGHT_PAREN)) {
            Token token = tokens.peek();
            boolean word = token.type() == TokenType.IDENTIFIER || token.type().isKeyword();
            String name = token.type() == TokenType.STRING ? Quoting.unquote(token.text()) : token.text();
            if (!word && token.type() != TokenType.STRING) {
                throw tokens.unexpected(context, "label");
            }
            if (!word && !Parser.isLabelName(name)) {
                throw tokens.error(token.span(), "invalid label name for grouping: " + Quoting.quote(name));
            }
            tokens.take();
            names.add(name);
            if (!tokens.takeIf(TokenType.COMMA)) {
                tokens.expect(TokenType.RIGHT_PAREN, context, "\",\" or \")\"");
                break;
            }
        }
        return List.copyOf(names);
    }

    Expr binary(TokenType operator, Expr left, Expr right) throws ParseException {
        Expr.Cardinality effective = operator.isSetOperator() && cardinality == Expr.Cardinality.ONE_TO_ONE
                ? Expr.Cardinality.MANY_TO_MANY
                : cardinality;
        boolean vectors = left.type() == ValueType.VECTOR && right.type() == ValueType.VECTOR;
        Expr.Binary binary = new Expr.Binary(
                operator,
                left,
                right,
                bool != null,
                vectors ? new Expr.Matching(effective, on, labels, include, fillLeft, fillRight) : null);
        check(binary);
        return binary;
    }

    /** What needs positions that the tree does not keep; types are checked when the whole expression is read. */
    private void check(Expr.Binary binary) throws ParseException {
        pending = null;
        TokenType operator = binary.operator();
        if (bool != null && !operator.isComparison()) {
            note(
                    new Span(operatorStart(operator), bool.end() - 1),
                    "bool modifier can only be used on comparison operators");
        }
        boolean scalars =
                binary.left().type() == ValueType.SCALAR && binary.right().type() == ValueType.SCALAR;
        if (operator.isComparison() && bool == null && scalars) {
            int start = operatorStart(operator);
            note(new Span(start, start + 1), "comparisons between scalars must use BOOL modifier");
        }
        for (String label : on ? labels : List.<String>of()) {
            if (include.contains(label)) {
                note(
                        new Span(operatorStart(operator), operatorAndModifiers.end() - 1),
                        "label " + Quoting.quote(label) + " must not occur in ON and GROUP clause at once");
            }
        }
        boolean vectors = binary.matching() != null;
        if (!vectors && ((matchingGiven && !labels.isEmpty()) || fillLeft.isPresent() || fillRight.isPresent())) {
            note(
                    binary.span(),
                    matchingGiven && !labels.isEmpty()
                            ? "vector matching only allowed between instant vectors"
                            : "filling in missing series only allowed between instant vectors");
        }
        if (operator.isSetOperator() && vectors) {
            if (cardinality != Expr.Cardinality.ONE_TO_ONE) {
                note(binary.span(), "no grouping allowed for " + Quoting.quote(operator.text()) + " operation");
            }
            if (fillLeft.isPresent() || fillRight.isPresent()) {
                note(binary.span(), "filling in missing series not allowed for set operators");
            }
        }
        if (pending != null) {
            throw pending;
        }
    }

    private ParseException pending;

    private void note(Span span, String reason) {
        if (pending == null) {
            pending = tokens.error(span, reason);
        }
    }

    private int operatorStart(TokenType operator) {
        return operatorAndModifiers.start() - operator.text().length();
    }
}
