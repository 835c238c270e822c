package org.narthex.rest;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

import org.narthex.api.model.PromDuration;
import org.narthex.api.model.SampleValue;

/** Times and durations as the API's parameters and answers spell them. */
final class ApiTime {
    /** The widest range that Go's and Prometheus' own times can hold, in milliseconds since the epoch; what "no bound" means. */
    static final long MIN_MS = (Long.MIN_VALUE / 1000 + 62_135_596_801L) * 1000;

    static final long MAX_MS = (Long.MAX_VALUE / 1000 - 62_135_596_801L) * 1000 + 999;

    /** What milliseconds in 64 bits can hold. */
    private static final double MAX_SECONDS = 9.2e15;

    private static final String MIN_TEXT = "-292273086-05-16T16:47:06Z";
    private static final String MAX_TEXT = "292277025-08-18T07:12:54.999999999Z";

    private ApiTime() {}

    /**
     * Reads seconds since the epoch, or RFC 3339.
     *
     * @return milliseconds since the epoch
     * @throws IllegalArgumentException with the message Prometheus gives
     */
    static long parse(String text) {
        if (text.equals(MIN_TEXT)) {
            return MIN_MS;
        }
        if (text.equals(MAX_TEXT)) {
            return MAX_MS;
        }
        String reason = "cannot parse \"" + text + "\" to a valid timestamp";
        Double seconds = number(text);
        if (seconds != null) {
            double whole = seconds < 0 ? Math.ceil(seconds) : Math.floor(seconds);
            if (!(Math.abs(whole) < MAX_SECONDS)) {
                throw new IllegalArgumentException(reason);
            }
            return ((long) whole) * 1000 + Math.round((seconds - whole) * 1000);
        }
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(reason, e);
        }
    }

    /**
     * Reads seconds, or a duration such as {@code 5m}.
     *
     * @return milliseconds
     * @throws IllegalArgumentException with the message Prometheus gives
     */
    static long parseDuration(String text) {
        Double seconds = number(text);
        if (seconds != null) {
            // Go counts nanoseconds in 64 bits.
            if (!(Math.abs(seconds) * 1e9 <= Long.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "cannot parse \"" + text + "\" to a valid duration. It overflows int64");
            }
            return Math.round(seconds * 1000);
        }
        try {
            return PromDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cannot parse \"" + text + "\" to a valid duration", e);
        }
    }

    /** RFC 3339 in UTC; Go's zero time for 0, which stands for "never". */
    static String format(long timeMs) {
        return timeMs == 0
                ? "0001-01-01T00:00:00Z"
                : Instant.ofEpochMilli(timeMs).toString();
    }

    /** Seconds since the epoch as samples have them: with three decimals, or none if they would all be zero. */
    static BigDecimal seconds(long timeMs) {
        return timeMs % 1000 == 0 ? BigDecimal.valueOf(timeMs / 1000) : BigDecimal.valueOf(timeMs, 3);
    }

    private static Double number(String text) {
        try {
            return SampleValue.parse(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
