package org.narthex.scrape;

/** A scrape failed; the message is what the user sees as the target's last error. Without a stack trace, since it is part of normal work. */
final class ScrapeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The configured limit that was exceeded. */
    enum Limit {
        NONE,
        LABELS,
        SAMPLES,
        BODY_SIZE,
        HISTOGRAM_BUCKETS
    }

    private final Limit limit;

    ScrapeException(String message) {
        this(Limit.NONE, message);
    }

    ScrapeException(Limit limit, String message) {
        super(message, null, false, false);
        this.limit = limit;
    }

    Limit limit() {
        return limit;
    }
}
