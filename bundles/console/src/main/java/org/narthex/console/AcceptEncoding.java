package org.narthex.console;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one question about an {@code Accept-Encoding} header that matters here. */
final class AcceptEncoding {
    private static final Pattern CODING = Pattern.compile("\\s*([^;,\\s]+)\\s*(?:;\\s*q=([0-9.]+))?\\s*(?:,|$)");
    private static final Pattern ZERO = Pattern.compile("0(?:\\.0*)?");

    private AcceptEncoding() {}

    /** Whether gzip may be sent; without a header it may not, for a client that says nothing may not know it. */
    static boolean allowsGzip(String header) {
        if (header == null) {
            return false;
        }
        boolean any = false;
        Matcher coding = CODING.matcher(header.toLowerCase(Locale.ROOT));
        while (coding.find()) {
            boolean allowed =
                    coding.group(2) == null || !ZERO.matcher(coding.group(2)).matches();
            if (coding.group(1).equals("gzip")) {
                return allowed;
            }
            any |= allowed && coding.group(1).equals("*");
        }
        return any;
    }
}
