package org.narthex.promql.parser;

import java.nio.charset.StandardCharsets;

/** The expression is no valid PromQL; the message tells line and column, both counted from 1, the column in bytes. */
public final class ParseException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Span span;
    private final String reason;

    ParseException(String expression, Span span, String reason) {
        super(location(expression, span.start()) + ": parse error: " + reason);
        this.span = span;
        this.reason = reason;
    }

    public Span span() {
        return span;
    }

    /** The message without the position. */
    public String reason() {
        return reason;
    }

    /** {@code line:column} of a byte offset. */
    public static String location(String expression, int offset) {
        byte[] bytes = expression.getBytes(StandardCharsets.UTF_8);
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < Math.min(offset, bytes.length); i++) {
            if (bytes[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return line + ":" + (offset - lineStart + 1);
    }
}
