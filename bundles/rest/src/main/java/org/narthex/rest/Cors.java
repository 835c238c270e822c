package org.narthex.rest;

import org.narthex.api.model.Regex;

/** Which web pages of other origins may read answers: {@code --web.cors.origin}. */
final class Cors {
    /** What Prometheus' API is asked by. */
    static final String READ_AND_POST = "GET, POST, OPTIONS";

    /** Sets a header, whatever the response is. */
    interface Headers {
        void set(String name, String value);
    }

    private final String methods;
    private final boolean all;
    private final Regex origin;

    /**
     * @param pattern regular expression of the origins, as a whole; {@code .*} for all
     * @param methods what pages may do, as the header has it
     */
    Cors(String pattern, String methods) {
        this.methods = methods;
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
        headers.set("Access-Control-Allow-Methods", methods);
        headers.set("Access-Control-Expose-Headers", "Date");
    }
}
