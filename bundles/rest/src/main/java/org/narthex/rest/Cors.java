package org.narthex.rest;

import org.narthex.api.model.Regex;

/** Which web pages of other origins may read answers: {@code --web.cors.origin}. */
final class Cors {
    /** Sets a header, whatever the response is. */
    interface Headers {
        void set(String name, String value);
    }

    private final boolean all;
    private final Regex origin;

    /** @param pattern regular expression of the origins, as a whole; {@code .*} for all */
    Cors(String pattern) {
        all = pattern.equals(".*");
        origin = Regex.compile(pattern);
    }

    /** @param asking the request's {@code Origin}; null if it has none */
    void allow(String asking, Headers headers) {
        if (asking == null || (!all && !origin.matches(asking))) {
            return;
        }
        headers.set("Access-Control-Allow-Origin", all ? "*" : asking);
        headers.set("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin");
        headers.set("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
        headers.set("Access-Control-Expose-Headers", "Date");
    }
}
