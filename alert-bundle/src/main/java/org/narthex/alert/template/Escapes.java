package org.narthex.alert.template;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Escapes for the languages that HTML text may hold at the place of an action. */
final class Escapes {
    private Escapes() {}

    /** What text/template's own function {@code html} does. */
    static String html(String text) {
        return html(text, "");
    }

    /** Text between tags and quoted attribute values; the plus sign too, for browsers that once read UTF-7. */
    static String content(String text) {
        return html(text, "+");
    }

    /** Attribute values without quotes. */
    static String unquoted(String text) {
        return text.isEmpty() ? "&#34;&#34;" : html(text, "+\t\n\u000b\f\r =`");
    }

    private static String html(String text, String more) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\0' -> out.append('\ufffd');
                case '"' -> out.append("&#34;");
                case '\'' -> out.append("&#39;");
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                default -> {
                    if (more.indexOf(c) >= 0) {
                        out.append("&#").append((int) c).append(';');
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }

    /** Takes tags out of safe HTML that stands in an attribute, where they mean nothing, and keeps its character references. */
    static String stripTags(String html) {
        String plain = html.replaceAll("<[^>]*>", "");
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            out.append(c == '&' ? "&" : content(String.valueOf(c)));
        }
        return out.toString();
    }

    /** A part of a URL in which no character may keep a meaning of its own, e.g. a query value. */
    static String urlPart(String text) {
        return url(text, "-._~");
    }

    /** A whole URL or its path: what has a meaning keeps it, what is not allowed is encoded. */
    static String urlWhole(String text) {
        return url(text, "-._~!#$&*+,/:;=?@[]%");
    }

    private static String url(String text, String kept) {
        StringBuilder out = new StringBuilder();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < utf8.length; i++) {
            char c = (char) (utf8[i] & 0xff);
            boolean encodedAlready =
                    c == '%' && i + 2 < utf8.length && isHexDigit(utf8[i + 1]) && isHexDigit(utf8[i + 2]);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (letter || (kept.indexOf(c) >= 0 && (c != '%' || encodedAlready))) {
                out.append(c);
            } else {
                out.append('%').append(Integer.toHexString(0x100 + c), 1, 3);
            }
        }
        return out.toString();
    }

    private static boolean isHexDigit(byte b) {
        return Character.digit((char) (b & 0xff), 16) >= 0;
    }

    /** Whether a browser may follow the URL: it is relative, or of a scheme that runs no code. */
    static boolean isHarmlessUrl(String url) {
        int colon = url.indexOf(':');
        if (colon < 0 || url.substring(0, colon).indexOf('/') >= 0) {
            return true;
        }
        String scheme = url.substring(0, colon).toLowerCase(Locale.ROOT);
        return scheme.equals("http") || scheme.equals("https") || scheme.equals("mailto");
    }

    /** The inside of a JavaScript string. */
    static String javaScript(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\'' -> out.append("\\'");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || "<>&=`/+".indexOf(c) >= 0 || c == '\u2028' || c == '\u2029') {
                        out.append("\\u").append(String.format("%04X", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }

    /** The inside of a CSS string. */
    static String css(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= 0x80 || Character.isLetterOrDigit(c) || " !#$%,-.?@[]_|~=^".indexOf(c) >= 0;
            if (plain) {
                out.append(c);
            } else {
                out.append('\\').append(Integer.toHexString(c)).append(' ');
            }
        }
        return out.toString();
    }

    /** Whether it can stand as a CSS value without breaking out of its declaration. */
    static boolean isHarmlessCss(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.chars().noneMatch(c -> "\0\"'()/;@[\\]`{}<>".indexOf(c) >= 0)
                && !lower.contains("--")
                && !lower.contains("expression")
                && !lower.contains("mozbinding");
    }
}
