package org.narthex.probe;

import java.util.Locale;

/** What a header {@code Accept-Encoding} says of an encoding. */
final class AcceptEncoding {
    private static final String ANY = "*";

    private AcceptEncoding() {}

    /**
     * Whether an answer may be packed so.
     *
     * @param header such as {@code br;q=1.0, gzip;q=0.9}: what is not named, by itself or by a star, may not be
     */
    static boolean allows(String header, String encoding) {
        double any = 0;
        for (String part : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            int semicolon = part.indexOf(';');
            String name = (semicolon < 0 ? part : part.substring(0, semicolon)).strip();
            double quality =
                    semicolon < 0 ? 1 : quality(part.substring(semicolon + 1).strip());
            if (name.equals(encoding)) {
                return quality > 0;
            }
            if (name.equals(ANY)) {
                any = quality;
            }
        }
        return any > 0;
    }

    private static double quality(String text) {
        return text.matches("q=\\d(\\.\\d*)?") ? Double.parseDouble(text.substring(2)) : 0;
    }
}
