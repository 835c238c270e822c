package org.narthex.rest;

import java.util.Locale;

/** The one question about an {@code Accept-Encoding} header that matters here. */
final class AcceptEncoding {
    private AcceptEncoding() {}

    /** Whether gzip may be sent; without a header it may not, for a client that says nothing may not know it. */
    static boolean allowsGzip(String header) {
        if (header == null) {
            return false;
        }
        boolean any = false;
        for (String coding : header.toLowerCase(Locale.ROOT).split(",")) {
            int semicolon = coding.indexOf(';');
            String name = (semicolon < 0 ? coding : coding.substring(0, semicolon)).strip();
            boolean allowed =
                    semicolon < 0 || !isZero(coding.substring(semicolon + 1).strip());
            if (name.equals("gzip")) {
                return allowed;
            }
            any |= allowed && name.equals("*");
        }
        return any;
    }

    private static boolean isZero(String quality) {
        return quality.equals("q=0")
                || (quality.startsWith("q=0.") && quality.substring(4).chars().allMatch(c -> c == '0'));
    }
}
