package org.narthex.alert;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into maps, lists, strings, truth values and numbers; just enough for cases. */
public final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** The cases in a file where {@code conformance.dir} points; without it the test is skipped. */
    public static Object conformance(String... path) throws IOException {
        Path file = Path.of(System.getProperty("conformance.dir", ""), path);
        assumeTrue(Files.exists(file), "no conformance cases at " + file);
        return parse(Files.readString(file));
    }

    public static Object parse(String text) {
        return new Json(text).value();
    }

    private Object value() {
        char c = skip();
        switch (c) {
            case '{' -> {
                Map<String, Object> map = new LinkedHashMap<>();
                at++;
                while (skip() != '}') {
                    String key = string();
                    skip();
                    at++;
                    map.put(key, value());
                    if (skip() == ',') {
                        at++;
                    }
                }
                at++;
                return map;
            }
            case '[' -> {
                List<Object> list = new ArrayList<>();
                at++;
                while (skip() != ']') {
                    list.add(value());
                    if (skip() == ',') {
                        at++;
                    }
                }
                at++;
                return list;
            }
            case '"' -> {
                return string();
            }
            default -> {
                int start = at;
                while (at < text.length() && ",]} \n".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                String word = text.substring(start, at);
                return switch (word) {
                    case "true" -> true;
                    case "false" -> false;
                    case "null" -> null;
                    default -> number(word);
                };
            }
        }
    }

    private static Object number(String word) {
        if (word.chars().anyMatch(c -> ".eE".indexOf(c) >= 0)) {
            return new BigDecimal(word).doubleValue();
        }
        BigInteger big = new BigInteger(word);
        return big.bitLength() < 64 ? (Object) big.longValue() : big;
    }

    private char skip() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.charAt(at);
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        at++;
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escape = text.charAt(at++);
            if (escape == 'u') {
                out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            } else {
                int i = "bfnrt".indexOf(escape);
                out.append(i >= 0 ? "\b\f\n\r\t".charAt(i) : escape);
            }
        }
        at++;
        return out.toString();
    }
}
