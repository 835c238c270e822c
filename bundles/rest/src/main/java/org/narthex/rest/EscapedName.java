package org.narthex.rest;

import org.narthex.api.model.Labels;

/** Names in letters, digits, colons and underscores: {@code U__} starts one where {@code __} is an underscore and {@code _2e_} a character by its hexadecimal code. */
final class EscapedName {
    private static final String PREFIX = "U__";

    private EscapedName() {}

    /** The text for a name; a name that needs none is the text itself. */
    static String escape(String name) {
        if (name.isEmpty() || Labels.isMetricName(name)) {
            return name;
        }
        StringBuilder out = new StringBuilder(name.length() + 16).append(PREFIX);
        name.codePoints().forEach(c -> {
            if (c == '_') {
                out.append("__");
            } else if (Labels.isOfMetricName(c, out.length() == PREFIX.length())) {
                out.appendCodePoint(c);
            } else {
                out.append('_').append(Integer.toHexString(c)).append('_');
            }
        });
        return out.toString();
    }

    /** The name; a text that is not escaped, or not well, is the name itself. */
    static String unescape(String text) {
        if (!text.startsWith(PREFIX)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int i = PREFIX.length();
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '_') {
                out.append(c);
                continue;
            }
            int end = text.indexOf('_', i);
            if (end < 0) {
                return text;
            }
            if (end == i) {
                out.append('_');
            } else if (end - i > 6 || !appendCode(out, text.substring(i, end))) {
                return text;
            }
            i = end + 1;
        }
        return out.toString();
    }

    private static boolean appendCode(StringBuilder out, String hex) {
        try {
            int code = Integer.parseInt(hex, 16);
            boolean isCharacter = Character.isValidCodePoint(code) && (code < 0xd800 || code > 0xdfff);
            if (!isCharacter || hex.charAt(0) == '+' || hex.charAt(0) == '-') {
                return false;
            }
            out.appendCodePoint(code);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
