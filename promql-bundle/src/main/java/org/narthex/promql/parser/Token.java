package org.narthex.promql.parser;

/**
 * A token.
 *
 * @param span where it stands
 * @param text its source text; the message of an {@link TokenType#ERROR}
 */
public record Token(TokenType type, Span span, String text) {
    /** How error messages name the token. */
    String description() {
        return switch (type) {
            case EOF -> "end of input";
            case IDENTIFIER -> "identifier " + Quoting.quote(text);
            case METRIC_IDENTIFIER -> "metric identifier " + Quoting.quote(text);
            case NUMBER -> "number " + Quoting.quoteShort(text);
            case DURATION -> "duration " + Quoting.quoteShort(text);
            case STRING -> "string " + Quoting.quoteShort(text);
            default ->
                type.isKeyword()
                        ? "<" + text + ">"
                        : type.isOperator() ? "<op:" + text + ">" : Quoting.quoteShort(text);
        };
    }
}
