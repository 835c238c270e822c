package org.narthex.tsdb.block;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.tsdb.encoding.CorruptionException;

/**
 * As much JSON as {@code meta.json} takes: maps, lists, strings, whole numbers, true, false, null. What is read can be written back with all its
 * keys, in their order.
 */
public final class Json {
    private static final int MAX_DEPTH = 50;

    private final String file;
    private final String text;
    private int at;

    private Json(String file, String text) {
        this.file = file;
        this.text = text;
    }

    public static Map<String, Object> parseMap(String file, byte[] utf8) throws CorruptionException {
        Json json = new Json(file, new String(utf8, StandardCharsets.UTF_8));
        Object value = json.value(0);
        json.blanks();
        if (json.at < json.text.length()) {
            throw json.corrupt("text after the end");
        }
        if (!(value instanceof Map)) {
            throw json.corrupt("not an object");
        }
        return asMap(value);
    }

    /** The value as a map, or an empty one if it is none. */
    static Map<String, Object> asMap(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> entries) {
            entries.forEach((key, entry) -> map.put((String) key, entry));
        }
        return map;
    }

    private CorruptionException corrupt(String why) {
        return new CorruptionException(file, at, why);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean take(char c) {
        blanks();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) throws CorruptionException {
        if (!take(c)) {
            throw corrupt("expected '" + c + "'");
        }
    }

    private Object value(int depth) throws CorruptionException {
        if (depth > MAX_DEPTH) {
            throw corrupt("nested too deeply");
        }
        blanks();
        char c = at < text.length() ? text.charAt(at) : 0;
        return switch (c) {
            case '{' -> map(depth);
            case '[' -> list(depth);
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, Object> map(int depth) throws CorruptionException {
        Map<String, Object> map = new LinkedHashMap<>();
        expect('{');
        if (take('}')) {
            return map;
        }
        do {
            blanks();
            String key = string();
            expect(':');
            map.put(key, value(depth + 1));
        } while (take(','));
        expect('}');
        return map;
    }

    private List<Object> list(int depth) throws CorruptionException {
        List<Object> list = new ArrayList<>();
        expect('[');
        if (take(']')) {
            return list;
        }
        do {
            list.add(value(depth + 1));
        } while (take(','));
        expect(']');
        return list;
    }

    private String string() throws CorruptionException {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            out.append(c == '\\' ? escaped() : c);
        }
        throw corrupt("a string does not end");
    }

    private char escaped() throws CorruptionException {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                try {
                    at += 4;
                    yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
                } catch (NumberFormatException | IndexOutOfBoundsException e) {
                    throw corrupt("a bad escape");
                }
            }
            default -> throw corrupt("a bad escape");
        };
    }

    private Object word() throws CorruptionException {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(start, at);
        try {
            return switch (word) {
                case "true" -> true;
                case "false" -> false;
                case "null" -> NULL;
                default ->
                    word.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'))
                            ? (Object) Long.valueOf(word)
                            : Double.valueOf(word);
            };
        } catch (NumberFormatException e) {
            throw corrupt("\"" + word + "\" is no value");
        }
    }

    private static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    /** With tabs and newlines, as Prometheus writes it. */
    static byte[] write(Map<String, Object> map) {
        StringBuilder out = new StringBuilder();
        write(map, out, 0);
        return out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(Object value, StringBuilder out, int depth) {
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            int n = 0;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                line(out, n++, depth + 1);
                quote((String) entry.getKey(), out);
                out.append(": ");
                write(entry.getValue(), out, depth + 1);
            }
            end(out, n, depth).append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            int n = 0;
            for (Object item : list) {
                line(out, n++, depth + 1);
                write(item, out, depth + 1);
            }
            end(out, n, depth).append(']');
        } else if (value instanceof String text) {
            quote(text, out);
        } else {
            out.append(value);
        }
    }

    private static void line(StringBuilder out, int n, int depth) {
        out.append(n == 0 ? "\n" : ",\n").append("\t".repeat(depth));
    }

    private static StringBuilder end(StringBuilder out, int n, int depth) {
        return n == 0 ? out : out.append('\n').append("\t".repeat(depth));
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
