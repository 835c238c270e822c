package org.narthex.promql.script;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;

/** {@code {{schema:0 count:2 buckets:[1 1]}}}: a histogram as scripts write it. */
final class HistogramLiteral {
    private final Map<String, String> items = new HashMap<>();

    private HistogramLiteral(String text) {
        String inner = text.substring(2, text.length() - 2).trim();
        int at = 0;
        while (at < inner.length()) {
            int colon = inner.indexOf(':', at);
            int end = inner.startsWith("[", colon + 1) ? inner.indexOf(']', colon) + 1 : inner.indexOf(' ', colon);
            end = end < 0 ? inner.length() : end;
            items.put(inner.substring(at, colon).trim().toLowerCase(Locale.ROOT), inner.substring(colon + 1, end));
            at = end;
            while (at < inner.length() && inner.charAt(at) == ' ') {
                at++;
            }
        }
    }

    static Histogram parse(String text) {
        return new HistogramLiteral(text).histogram();
    }

    /** Whether the literal says what is known about a reset. */
    static boolean namesHint(String text) {
        return text.contains("counter_reset_hint:");
    }

    private Histogram histogram() {
        double[] positive = numbers("buckets");
        double[] negative = numbers("n_buckets");
        return Histogram.ofFloats(
                ResetHint.valueOf(
                        items.getOrDefault("counter_reset_hint", "unknown").toUpperCase(Locale.ROOT)),
                (int) number("schema"),
                number("z_bucket_w"),
                number("z_bucket"),
                number("count"),
                number("sum"),
                span("offset", positive.length),
                positive,
                span("n_offset", negative.length),
                negative,
                numbers("custom_values"));
    }

    private int[] span(String offset, int length) {
        return length == 0 ? new int[0] : new int[] {(int) number(offset), length};
    }

    private double number(String key) {
        return SeriesLine.number(items.getOrDefault(key, "0"));
    }

    private double[] numbers(String key) {
        String list = items.getOrDefault(key, "[]").replaceAll("[\\[\\]]", "").trim();
        if (list.isEmpty()) {
            return new double[0];
        }
        String[] parts = list.split("\\s+");
        double[] numbers = new double[parts.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = SeriesLine.number(parts[i]);
        }
        return numbers;
    }
}
