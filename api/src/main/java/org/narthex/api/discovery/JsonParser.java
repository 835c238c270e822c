package org.narthex.api.discovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON (RFC 8259) strictly; depth is bounded, so that no answer can exhaust the stack. */
final class JsonParser {
    private static final int MAX_DEPTH = 200;

    private final String text;
    private int at;

    JsonParser(String text) {
        this.text = text;
    }

    Object document() throws IOException {
        at = text.startsWith("\uFEFF") ? 1 : 0;
        Object value = value(0);
        skipBlanks();
        if (at < text.length()) {
            throw error("more after the value");
        }
        return value;
    }

    private Object value(int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw error("nested deeper than " + MAX_DEPTH + " levels");
        }
        skipBlanks();
        char c = peek();
        return switch (c) {
            case '{' -> map(depth);
            case '[' -> list(depth);
            case '"' -> string();
            case 't' -> word("true", Json.scalar("true"));
            case 'f' -> word("false", Json.scalar("false"));
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Object map(int depth) throws IOException {
        Map<String, Object> entries = new LinkedHashMap<>();
        at++;
        skipBlanks();
        if (peek() == '}') {
            at++;
            return Json.map(entries);
        }
        while (true) {
            skipBlanks();
            if (peek() != '"') {
                throw error("expected a key");
            }
            String key = string();
            skipBlanks();
            expect(':');
            entries.put(key, value(depth + 1));
            skipBlanks();
            if (peek() == '}') {
                at++;
                return Json.map(entries);
            }
            expect(',');
        }
    }

    private Object list(int depth) throws IOException {
        List<Object> items = new ArrayList<>();
        at++;
        skipBlanks();
        if (peek() == ']') {
            at++;
            return Json.list(items);
        }
        while (true) {
            items.add(value(depth + 1));
            skipBlanks();
            if (peek() == ']') {
                at++;
                return Json.list(items);
            }
            expect(',');
        }
    }

    private String string() throws IOException {
        at++;
        int end = at;
        while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\\' && text.charAt(end) >= ' ') {
            end++;
        }
        if (end < text.length() && text.charAt(end) == '"') {
            String plain = text.substring(at, end);
            at = end + 1;
            return plain;
        }
        StringBuilder out = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw error("a control character inside a text");
            }
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws IOException {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(next(), 16);
                    if (digit < 0) {
                        throw error("expected four hexadecimal digits");
                    }
                    code = code << 4 | digit;
                }
                yield (char) code;
            }
            default -> throw error("unknown escape \\" + c);
        };
    }

    private Object word(String word, Object value) throws IOException {
        if (!text.startsWith(word, at)) {
            throw error("expected a value");
        }
        at += word.length();
        return value;
    }

    private Object number() throws IOException {
        int start = at;
        if (at < text.length() && text.charAt(at) == '-') {
            at++;
        }
        int digits = digits();
        if (digits == 0 || (digits > 1 && text.charAt(at - digits) == '0')) {
            throw error("expected a value");
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            if (digits() == 0) {
                throw error("expected digits");
            }
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            if (digits() == 0) {
                throw error("expected digits");
            }
        }
        return Json.scalar(text.substring(start, at));
    }

    private int digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - start;
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws IOException {
        if (at >= text.length()) {
            throw error("it ends too early");
        }
        return text.charAt(at);
    }

    private char next() throws IOException {
        char c = peek();
        at++;
        return c;
    }

    private void expect(char c) throws IOException {
        if (peek() != c) {
            throw error("expected " + c);
        }
        at++;
    }

    private IOException error(String reason) {
        return new IOException("not valid JSON at character " + at + ": " + reason);
    }
}
