package org.narthex.tracing;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The place of a span: W3C Trace Context.
 *
 * @param traceHigh the first half of the trace's id
 * @param sampled whether the trace is taken down
 */
record TraceContext(long traceHigh, long traceLow, long spanId, boolean sampled) {
    private static final HexFormat HEX = HexFormat.of();
    private static final int LENGTH = 55;

    /** The beginning of a trace; the given share of all is sampled, told by the id so that others come to the same result. */
    static TraceContext random(double fraction) {
        long low = nonZero();
        boolean sampled = fraction >= 1 || (low >>> 1) < fraction * 0x1p63;
        return new TraceContext(nonZero(), low, nonZero(), sampled);
    }

    private static long nonZero() {
        long id;
        do {
            id = ThreadLocalRandom.current().nextLong();
        } while (id == 0);
        return id;
    }

    /** A span below this one. */
    TraceContext child() {
        return new TraceContext(traceHigh, traceLow, nonZero(), sampled);
    }

    /** Empty if the header is not valid. */
    static Optional<TraceContext> parse(String traceparent) {
        String text = traceparent.strip();
        boolean wellFormed = text.length() >= LENGTH
                && text.charAt(2) == '-'
                && text.charAt(35) == '-'
                && text.charAt(52) == '-'
                && isLowerHex(text, 0, 2)
                && isLowerHex(text, 3, 35)
                && isLowerHex(text, 36, 52)
                && isLowerHex(text, 53, LENGTH);
        // A version to come may append more; the one there is has no more, and 255 is none.
        if (!wellFormed
                || text.startsWith("ff")
                || (text.length() > LENGTH && (text.startsWith("00") || text.charAt(LENGTH) != '-'))) {
            return Optional.empty();
        }
        TraceContext context = new TraceContext(
                HexFormat.fromHexDigitsToLong(text, 3, 19),
                HexFormat.fromHexDigitsToLong(text, 19, 35),
                HexFormat.fromHexDigitsToLong(text, 36, 52),
                (HexFormat.fromHexDigits(text, 53, LENGTH) & 1) != 0);
        boolean valid = (context.traceHigh | context.traceLow) != 0 && context.spanId != 0;
        return valid ? Optional.of(context) : Optional.empty();
    }

    private static boolean isLowerHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    String traceparent() {
        return "00-" + HEX.toHexDigits(traceHigh) + HEX.toHexDigits(traceLow) + "-" + HEX.toHexDigits(spanId)
                + (sampled ? "-01" : "-00");
    }
}
