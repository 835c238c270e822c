package org.narthex.api.http;

import java.util.regex.Pattern;

/** Texts that are URLs, as Prometheus' files have them: what Go's {@code url.Parse} takes, which is more than {@link java.net.URI} does. */
public final class UrlText {
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");
    /** Perhaps with a user before, and a port after, which may be empty. */
    private static final Pattern AUTHORITY =
            Pattern.compile("([^@/\\[\\]<>\" ]*@)?(\\[[^\\]]*\\]|[^:@/\\[\\]<>\"\\\\^`{|} ]*)(:[0-9]*)?");

    private UrlText() {}

    /** Whether the text is a URL, with or without a scheme and a host. */
    public static boolean isValid(String text) {
        if (CONTROL.matcher(text).find() || text.startsWith(":")) {
            return false;
        }
        int end = text.indexOf('#');
        String rest = end < 0 ? text : text.substring(0, end);
        int colon = rest.indexOf(':');
        boolean scheme = colon > 0 && SCHEME.matcher(rest.substring(0, colon)).matches();
        rest = scheme ? rest.substring(colon + 1) : rest;
        if (rest.startsWith("//")) {
            int path = firstOf(rest, 2, "/?");
            return AUTHORITY.matcher(rest.substring(2, path)).matches()
                    && isWellEscaped(rest.substring(2, firstOf(rest, 2, "?")));
        }
        // Else "a b:c" would be taken for a path.
        boolean colonFirst =
                !scheme && rest.substring(0, firstOf(rest, 0, "/?")).indexOf(':') >= 0;
        return !colonFirst && isWellEscaped(rest.substring(0, firstOf(rest, 0, "?")));
    }

    private static boolean isWellEscaped(String text) {
        return !BROKEN_ESCAPE.matcher(text).find();
    }

    /** Where one of the characters is first from a place on; the end if none is. */
    private static int firstOf(String text, int from, String characters) {
        int i = from;
        while (i < text.length() && characters.indexOf(text.charAt(i)) < 0) {
            i++;
        }
        return i;
    }
}
