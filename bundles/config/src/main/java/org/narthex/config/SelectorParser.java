package org.narthex.config;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.model.GoQuotes;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/**
 * Reads a series selector as PromQL writes it: {@code up}, {@code up{job="a"}}, {@code {"my.metric", job=~"a|b"}}. Unlike {@code AlertMatchers} it takes
 * no bare values, and all three kinds of quotes.
 */
final class SelectorParser {
    private final String input;
    private int at;

    private SelectorParser(String input) {
        this.input = input;
    }

    /** @throws IllegalArgumentException saying what is wrong with the text */
    static List<Matcher> parse(String input) {
        return new SelectorParser(input).selector();
    }

    private List<Matcher> selector() {
        List<Matcher> matchers = new ArrayList<>();
        skipSpace();
        String metric = identifier(true);
        if (!metric.isEmpty()) {
            matchers.add(Matcher.equal(Labels.METRIC_NAME, metric));
        }
        skipSpace();
        if (take("{")) {
            skipSpace();
            while (!take("}")) {
                matchers.add(matcher());
                skipSpace();
                if (!take(",") && !input.startsWith("}", at)) {
                    throw fault("expected a comma or a closing brace");
                }
                skipSpace();
            }
        } else if (metric.isEmpty()) {
            throw fault("expected a metric name or an opening brace");
        }
        skipSpace();
        if (at < input.length()) {
            throw fault("expected the end");
        }
        return matchers;
    }

    private Matcher matcher() {
        boolean isQuoted = at < input.length() && isQuote(input.charAt(at));
        String name = isQuoted ? quoted() : identifier(false);
        if (name.isEmpty()) {
            throw fault("expected a label name");
        }
        skipSpace();
        if (isQuoted && (input.startsWith(",", at) || input.startsWith("}", at))) {
            return Matcher.equal(Labels.METRIC_NAME, name);
        }
        Matcher.Type type = operator();
        skipSpace();
        if (at == input.length() || !isQuote(input.charAt(at))) {
            throw fault("expected a value in quotes");
        }
        return Matcher.of(type, name, quoted());
    }

    private Matcher.Type operator() {
        for (Matcher.Type type : new Matcher.Type[] {
            Matcher.Type.REGEX, Matcher.Type.NOT_REGEX, Matcher.Type.NOT_EQUAL, Matcher.Type.EQUAL
        }) {
            if (take(type.symbol())) {
                return type;
            }
        }
        throw fault("expected one of = != =~ !~");
    }

    /** The longest identifier from here on, empty if there is none. */
    private String identifier(boolean isMetric) {
        int end = at;
        while (end < input.length() && isIdentifier(input.substring(at, end + 1), isMetric)) {
            end++;
        }
        String found = input.substring(at, end);
        at = end;
        return found;
    }

    private static boolean isIdentifier(String text, boolean isMetric) {
        return isMetric ? Labels.isMetricName(text) : Labels.isLabelName(text);
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`';
    }

    private String quoted() {
        int start = at;
        char quote = input.charAt(at++);
        while (at < input.length() && input.charAt(at) != quote) {
            at += input.charAt(at) == '\\' && quote != '`' ? 2 : 1;
        }
        if (at >= input.length()) {
            at = start;
            throw fault("a quote that is not closed");
        }
        String body = input.substring(start + 1, at++);
        return switch (quote) {
            case '`' -> body;
            case '\'' -> GoQuotes.unquote(body.replace("\\'", "'"));
            default -> GoQuotes.unquote(body);
        };
    }

    private boolean take(String token) {
        boolean found = input.startsWith(token, at);
        at += found ? token.length() : 0;
        return found;
    }

    private void skipSpace() {
        while (at < input.length() && Character.isWhitespace(input.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException fault(String what) {
        String found = at < input.length() ? ", found \"" + input.substring(at) + "\"" : "";
        return new IllegalArgumentException("bad selector \"" + input + "\": " + what + found);
    }
}
