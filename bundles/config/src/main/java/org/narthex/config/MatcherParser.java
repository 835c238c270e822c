package org.narthex.config;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/**
 * Reads matchers as Alertmanager writes them: {@code {name op value, ...}}, the braces optional. Names and values may be any text in double quotes.
 * As in Alertmanager two grammars are tried: first the newer one, in which bare words end at reserved characters; then the classic one, whose bare
 * values may hold almost anything and whose names are classic label names. Where both give an answer but not the same, the classic one counts, so
 * that old files keep their meaning.
 */
final class MatcherParser {
    private static final String RESERVED = "{}!=~,\\\"'`";

    private final String input;
    private int at;

    private MatcherParser(String input) {
        this.input = input;
    }

    /** @throws IllegalArgumentException saying what is wrong with the text */
    static List<Matcher> parse(String input) {
        List<Matcher> newer = null;
        IllegalArgumentException fault = null;
        try {
            newer = new MatcherParser(input).newer();
        } catch (IllegalArgumentException e) {
            fault = e;
        }
        try {
            return classic(input);
        } catch (IllegalArgumentException e) {
            if (newer != null) {
                return newer;
            }
            throw fault;
        }
    }

    private List<Matcher> newer() {
        List<Matcher> matchers = new ArrayList<>();
        skipSpace();
        boolean braces = take("{");
        skipSpace();
        while (at < input.length() && !peek("}")) {
            String name = word("a label name");
            skipSpace();
            Matcher.Type type = operator();
            skipSpace();
            matchers.add(Matcher.of(type, name, word("a value")));
            skipSpace();
            if (!take(",")) {
                break;
            }
            skipSpace();
        }
        if (braces != take("}")) {
            throw fault(braces ? "expected a closing brace" : "a closing brace without an opening one");
        }
        skipSpace();
        if (at < input.length()) {
            throw fault("expected a comma or the end");
        }
        return matchers;
    }

    private String word(String what) {
        if (peek("\"")) {
            return quoted();
        }
        int start = at;
        while (at < input.length()
                && RESERVED.indexOf(input.charAt(at)) < 0
                && !Character.isWhitespace(input.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw fault("expected " + what);
        }
        return input.substring(start, at);
    }

    private String quoted() {
        int start = at++;
        while (at < input.length() && input.charAt(at) != '"') {
            at += input.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= input.length()) {
            at = start;
            throw fault("a quote that is not closed");
        }
        at++;
        return GoQuotes.unquote(input.substring(start + 1, at - 1));
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

    private boolean peek(String token) {
        return input.startsWith(token, at);
    }

    private boolean take(String token) {
        boolean found = peek(token);
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
        return new IllegalArgumentException("bad matcher \"" + input + "\": " + what + found);
    }

    private static List<Matcher> classic(String input) {
        // Each brace is taken off by itself, as ever.
        String text = input.strip();
        text = text.startsWith("{") ? text.substring(1) : text;
        text = text.endsWith("}") ? text.substring(0, text.length() - 1) : text;
        List<Matcher> matchers = new ArrayList<>();
        boolean quoted = false;
        boolean escaped = false;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || (text.charAt(i) == ',' && !quoted)) {
                String part = text.substring(start, i).strip();
                boolean trailing = i == text.length() && part.isEmpty();
                if (!trailing) {
                    matchers.add(classicMatcher(part));
                }
                start = i + 1;
            } else if (escaped) {
                escaped = false;
            } else if (text.charAt(i) == '"') {
                quoted = !quoted;
            } else {
                escaped = text.charAt(i) == '\\';
            }
        }
        return matchers;
    }

    private static Matcher classicMatcher(String text) {
        int end = 0;
        while (end < text.length() && (text.charAt(end) == ':' || isClassicNameCharacter(text.charAt(end)))) {
            end++;
        }
        String name = text.substring(0, end);
        MatcherParser rest = new MatcherParser(text.substring(end));
        rest.skipSpace();
        if (name.isEmpty() || !Labels.isMetricName(name)) {
            throw new IllegalArgumentException("bad matcher format: " + text);
        }
        Matcher.Type type = rest.operator();
        rest.skipSpace();
        return Matcher.of(
                type, name, classicValue(text, rest.input.substring(rest.at).strip()));
    }

    private static boolean isClassicNameCharacter(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Quotes around a value are taken off; inside, only {@code \n}, {@code \"} and {@code \\} are escapes. */
    private static String classicValue(String matcher, String raw) {
        boolean opened = raw.startsWith("\"");
        String body = opened ? raw.substring(1) : raw;
        StringBuilder out = new StringBuilder();
        boolean closed = false;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '"') {
                closed = i == body.length() - 1;
                if (!closed || !opened) {
                    throw new IllegalArgumentException("matcher value contains unescaped double quote: " + matcher);
                }
            } else if (c == '\\' && i + 1 < body.length()) {
                char next = body.charAt(++i);
                out.append(
                        switch (next) {
                            case 'n' -> "\n";
                            case '"' -> "\"";
                            case '\\' -> "\\";
                            default -> "\\" + next;
                        });
            } else {
                out.append(c);
            }
        }
        if (opened != closed) {
            throw new IllegalArgumentException("matcher value contains unescaped double quote: " + matcher);
        }
        return out.toString();
    }
}
