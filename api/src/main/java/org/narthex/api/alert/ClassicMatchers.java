package org.narthex.api.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.narthex.api.model.Matcher;

/** Reads matchers of the classic grammar, whose bare values may hold almost anything and whose names are classic label names. */
final class ClassicMatchers {
    private static final Pattern FORM =
            Pattern.compile("\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(=~|=|!=|!~)\\s*(.*?)\\s*", Pattern.DOTALL);

    private ClassicMatchers() {}

    static List<Matcher> parse(String input) {
        // Each brace is taken off by itself, as ever.
        String text = input.strip();
        text = text.startsWith("{") ? text.substring(1) : text;
        text = text.endsWith("}") ? text.substring(0, text.length() - 1) : text;
        List<Matcher> matchers = new ArrayList<>();
        boolean quoted = false;
        boolean escaped = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' && !quoted) {
                matchers.add(matcher(text.substring(start, i)));
                start = i + 1;
                // A backslash before the comma has nothing to escape.
                escaped = false;
            } else if (escaped) {
                escaped = false;
            } else if (c == '"') {
                quoted = !quoted;
            } else {
                escaped = c == '\\';
            }
        }
        String last = text.substring(start).strip();
        if (!last.isEmpty()) {
            matchers.add(matcher(last));
        }
        return matchers;
    }

    private static Matcher matcher(String text) {
        java.util.regex.Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("bad matcher format: " + text);
        }
        Matcher.Type type =
                switch (parts.group(2)) {
                    case "=" -> Matcher.Type.EQUAL;
                    case "!=" -> Matcher.Type.NOT_EQUAL;
                    case "=~" -> Matcher.Type.REGEX;
                    default -> Matcher.Type.NOT_REGEX;
                };
        return Matcher.of(type, parts.group(1), value(parts.group(3)));
    }

    /** Quotes around a value are taken off; inside, only {@code \n}, {@code \"} and {@code \\} are escapes. */
    private static String value(String raw) {
        boolean opened = raw.startsWith("\"");
        String body = opened ? raw.substring(1) : raw;
        StringBuilder out = new StringBuilder();
        boolean closed = false;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '"') {
                closed = i == body.length() - 1;
                if (!closed || !opened) {
                    throw new IllegalArgumentException("matcher value contains unescaped double quote: " + raw);
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
            throw new IllegalArgumentException("matcher value contains unescaped double quote: " + raw);
        }
        return out.toString();
    }
}
