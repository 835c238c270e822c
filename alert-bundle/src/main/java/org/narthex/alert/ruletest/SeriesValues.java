package org.narthex.alert.ruletest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.model.StaleNaN;

/**
 * Promtool's notation of samples: {@code 1 2}, {@code 1+2x3} (1 3 5 7), {@code 1x3} (four times 1), {@code _} and {@code _x3} for none,
 * {@code stale}, and histograms {@code {{count:2 sum:3 buckets:[1 1]}}}, which may be repeated and added to in the same way.
 */
final class SeriesValues {
    private static final String HISTOGRAM = "\\{\\{[^}]*\\}\\}";
    private static final String NUMBER = "[-+]?(?:[0-9.]+(?:[eE][-+]?[0-9]+)?|[iI]nf|[nN]a[nN]|stale)";
    private static final Pattern ITEM = Pattern.compile("(_)(?:x(\\d+))?"
            + "|(" + HISTOGRAM + ")(?:(?:([-+])(" + HISTOGRAM + "))?x(\\d+))?"
            + "|(" + NUMBER + ")(?:([-+][0-9.]+(?:[eE][-+]?[0-9]+)?)?x(\\d+))?");
    private static final Pattern FIELD = Pattern.compile("([a-z_]+):(\\[[^\\]]*\\]|[^\\s\\]]+)");

    /**
     * A sample.
     *
     * @param omitted whether there is none
     * @param histogram null for a number
     */
    record Value(boolean omitted, double number, Histogram histogram) {
        static final Value NONE = new Value(true, 0, null);
    }

    private SeriesValues() {}

    /** @throws IllegalArgumentException naming what cannot be read */
    static List<Value> parse(String text) {
        List<Value> values = new ArrayList<>();
        int at = 0;
        Matcher item = ITEM.matcher(text);
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            item.region(at, text.length());
            boolean found = item.lookingAt();
            if (!found || (item.end() < text.length() && !Character.isWhitespace(text.charAt(item.end())))) {
                throw new IllegalArgumentException("cannot read the values from \"" + text.substring(at) + "\"");
            }
            add(item, values);
            at = item.end();
        }
        return values;
    }

    private static void add(Matcher item, List<Value> values) {
        if (item.group(1) != null) {
            repeat(values, Value.NONE, item.group(2) == null ? 1 : Long.parseLong(item.group(2)));
        } else if (item.group(3) != null) {
            Histogram first = histogram(item.group(3));
            if (item.group(5) == null) {
                repeat(
                        values,
                        new Value(false, 0, first),
                        item.group(6) == null ? 1 : Long.parseLong(item.group(6)) + 1);
                return;
            }
            Histogram step = histogram(item.group(5));
            double sign = item.group(4).equals("-") ? -1 : 1;
            for (long i = 0; i <= Long.parseLong(item.group(6)); i++) {
                values.add(new Value(false, 0, sum(first, step, sign * i)));
            }
        } else {
            double first = number(item.group(7));
            if (item.group(9) == null) {
                values.add(new Value(false, first, null));
                return;
            }
            double step = item.group(8) == null ? 0 : number(item.group(8));
            double value = first;
            for (long i = 0; i <= Long.parseLong(item.group(9)); i++) {
                values.add(new Value(false, value, null));
                value += step;
            }
        }
    }

    private static void repeat(List<Value> values, Value value, long times) {
        for (long i = 0; i < times; i++) {
            values.add(value);
        }
    }

    private static double number(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            case "stale" -> StaleNaN.VALUE;
            default -> Double.parseDouble(text);
        };
    }

    /** Reads one histogram, {@code {{…}}}. */
    static Histogram histogram(String text) {
        Map<String, String> fields = new HashMap<>();
        Matcher field = FIELD.matcher(text);
        String body = text.strip();
        if (!body.startsWith("{{") || !body.endsWith("}}")) {
            throw new IllegalArgumentException("not a histogram: " + text);
        }
        while (field.find()) {
            String value = field.group(2);
            String bare = value.endsWith("}}") ? value.substring(0, value.length() - 2) : value;
            if (fields.put(field.group(1), bare) != null) {
                throw new IllegalArgumentException("duplicate key " + field.group(1) + " in " + text);
            }
        }
        double[] positive = list(fields.get("buckets"));
        double[] negative = list(fields.get("n_buckets"));
        String hint = fields.getOrDefault("counter_reset_hint", "unknown");
        return Histogram.ofFloats(
                ResetHint.valueOf(hint.toUpperCase(Locale.ROOT)),
                (int) number(fields.getOrDefault("schema", "0")),
                number(fields.getOrDefault("z_bucket_w", "0")),
                number(fields.getOrDefault("z_bucket", "0")),
                number(fields.getOrDefault("count", "0")),
                number(fields.getOrDefault("sum", "0")),
                span(fields.get("offset"), positive.length),
                positive,
                span(fields.get("n_offset"), negative.length),
                negative,
                list(fields.get("custom_values")));
    }

    private static double[] list(String text) {
        String inner = text == null ? "" : text.substring(1, text.length() - 1).strip();
        return inner.isEmpty()
                ? new double[0]
                : Arrays.stream(inner.split("\\s+", -1))
                        .mapToDouble(SeriesValues::number)
                        .toArray();
    }

    private static int[] span(String offset, int length) {
        return length == 0 ? new int[0] : new int[] {offset == null ? 0 : Integer.parseInt(offset), length};
    }

    private static Histogram sum(Histogram first, Histogram step, double times) {
        boolean alike = first.schema() == step.schema()
                && Arrays.equals(first.positiveSpans(), step.positiveSpans())
                && Arrays.equals(first.negativeSpans(), step.negativeSpans());
        if (!alike) {
            throw new IllegalArgumentException("histograms can be added only if their buckets are the same ones");
        }
        double[] positive = new double[first.positiveBuckets()];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = first.positive(i) + times * step.positive(i);
        }
        double[] negative = new double[first.negativeBuckets()];
        for (int i = 0; i < negative.length; i++) {
            negative[i] = first.negative(i) + times * step.negative(i);
        }
        return Histogram.ofFloats(
                first.resetHint(),
                first.schema(),
                first.zeroThreshold(),
                first.zeroCount() + times * step.zeroCount(),
                first.count() + times * step.count(),
                first.sum() + times * step.sum(),
                first.positiveSpans(),
                positive,
                first.negativeSpans(),
                negative,
                first.customBounds());
    }
}
