package org.narthex.api.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Prometheus writes them: {@code 1y2w3d4h5m6s7ms}, units descending, each at most once; {@code 0} alone is allowed. */
public final class PromDuration {
    private static final Pattern FORM =
            Pattern.compile("(?:(\\d+)y)?(?:(\\d+)w)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final long[] MILLIS = {31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L};

    private PromDuration() {}

    /**
     * @return milliseconds, at most those of 292 years
     * @throws IllegalArgumentException if the text is no duration or does not fit
     */
    public static long parse(String text) {
        if (text.equals("0")) {
            return 0;
        }
        Matcher matcher = FORM.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException("not a valid duration string: \"" + text + "\"");
        }
        try {
            long total = 0;
            for (int i = 0; i < MILLIS.length; i++) {
                String digits = matcher.group(i + 1);
                if (digits != null) {
                    total = Math.addExact(total, Math.multiplyExact(Long.parseLong(digits), MILLIS[i]));
                }
            }
            // Prometheus counts nanoseconds in 64 bits.
            Math.multiplyExact(total, 1_000_000L);
            return total;
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("duration out of range: \"" + text + "\"", e);
        }
    }

    /**
     * Like {@link #parse}, and takes a minus sign before the whole.
     *
     * @throws IllegalArgumentException if the text is no duration or does not fit
     */
    public static long parseSigned(String text) {
        return text.startsWith("-") ? -parse(text.substring(1)) : parse(text);
    }

    /** The shortest spelling Prometheus prints: years and weeks only where they divide the duration; a minus sign before a negative one. */
    public static String format(long millis) {
        if (millis == 0) {
            return "0s";
        }
        StringBuilder out = new StringBuilder(millis < 0 ? "-" : "");
        long rest = Math.abs(millis);
        for (int i = 0; i < MILLIS.length; i++) {
            boolean onlyExact = i < 2;
            if (rest < MILLIS[i] || (onlyExact && rest % MILLIS[i] != 0)) {
                continue;
            }
            out.append(rest / MILLIS[i]).append(UNITS[i]);
            rest %= MILLIS[i];
        }
        return out.toString();
    }
}
