package org.narthex.promql.parser;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.PromDuration;
import org.narthex.api.model.StaleNaN;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.SeriesLexer.Item;

/** Reads {@code metric{labels} values}, as the script language writes series. */
public final class SeriesParser {
    /**
     * A value.
     *
     * @param omitted whether there is none at this position
     * @param histogram null for a float
     * @param hinted whether the histogram's hint was written
     */
    public record Value(boolean omitted, double value, Histogram histogram, boolean hinted) {}

    /** A series and its values at consecutive positions. */
    public record Series(Labels metric, List<Value> values) {}

    private static final String VALUES = "series values";
    private static final String LABELS = "label set";

    private final String line;
    private final List<Item> items;
    private final List<Value> values = new ArrayList<>();
    private int next;

    private SeriesParser(String line) throws ParseException {
        this.line = line;
        this.items = SeriesLexer.items(line);
    }

    public static Series parse(String line) throws ParseException {
        SeriesParser parser = new SeriesParser(line);
        Labels metric = parser.metric();
        parser.values();
        return new Series(metric, parser.values);
    }

    private Item peek() {
        return items.get(next);
    }

    private boolean is(String type) {
        return peek().type().equals(type);
    }

    private Item take() {
        return items.get(next++);
    }

    private boolean takeIf(String type) {
        boolean found = is(type);
        next += found ? 1 : 0;
        return found;
    }

    private Item expect(String type, String where, String expected) throws ParseException {
        if (!is(type)) {
            throw unexpected(where, expected);
        }
        return take();
    }

    private ParseException unexpected(String where, String expected) {
        return new ParseException(
                line,
                peek().span(),
                "unexpected " + peek().description() + " in " + where
                        + (expected.isEmpty() ? "" : ", expected " + expected));
    }

    private Labels metric() throws ParseException {
        Labels.Builder labels = Labels.builder();
        if (is("IDENTIFIER")) {
            labels.set(Labels.METRIC_NAME, take().text());
        }
        if (takeIf("LEFT_BRACE")) {
            while (!takeIf("RIGHT_BRACE")) {
                label(labels);
                if (!takeIf("COMMA")) {
                    expect("RIGHT_BRACE", LABELS, "\",\" or \"}\"");
                    break;
                }
            }
        }
        return labels.build();
    }

    private void label(Labels.Builder labels) throws ParseException {
        if (!is("IDENTIFIER") && !is("STRING")) {
            throw unexpected(LABELS, "identifier or \"}\"");
        }
        Item left = take();
        boolean quoted = left.type().equals("STRING");
        String name = quoted ? Quoting.unquote(left.text()) : left.text();
        if (!is("EQL") && quoted) {
            labels.set(Labels.METRIC_NAME, name);
            return;
        }
        expect("EQL", LABELS, "\"=\"");
        labels.set(name, Quoting.unquote(expect("STRING", LABELS, "string").text()));
    }

    private void values() throws ParseException {
        while (!is("EOF")) {
            expect("SPACE", VALUES, "");
            if (is("BLANK")) {
                take();
                repeat(new Value(true, 0, null, false), takeIf("TIMES") ? count() : 1);
            } else if (is("OPEN_HIST")) {
                histograms();
            } else if (!is("EOF")) {
                numbers();
            }
        }
    }

    private void repeat(Value value, long times) {
        for (long i = 0; i < times; i++) {
            values.add(value);
        }
    }

    private long count() throws ParseException {
        Item number = expect("NUMBER", VALUES, "");
        try {
            return Long.parseUnsignedLong(number.text());
        } catch (NumberFormatException e) {
            throw new ParseException(line, number.span(), "invalid repetition in series values: " + number.text());
        }
    }

    private void numbers() throws ParseException {
        double value = signedNumber();
        if (takeIf("TIMES")) {
            repeat(number(value), count() + 1);
        } else if (is("ADD") || is("SUB")) {
            double step = signedNumber();
            expect("TIMES", VALUES, "");
            for (long left = count(); left >= 0; left--) {
                values.add(number(value));
                value += step;
            }
        } else {
            values.add(number(value));
        }
    }

    private static Value number(double value) {
        return new Value(false, value, null, false);
    }

    private double signedNumber() throws ParseException {
        boolean minus = is("SUB");
        if (minus || is("ADD")) {
            take();
        }
        String text = expect("NUMBER", VALUES, "").text();
        return minus ? -number(text) : number(text);
    }

    private static double number(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "nan" -> Double.NaN;
            case "stale" -> StaleNaN.VALUE;
            default ->
                Character.isLetter(lower.charAt(lower.length() - 1))
                        ? PromDuration.parse(lower) / 1000.0
                        : Double.parseDouble(lower);
        };
    }

    private void histograms() throws ParseException {
        Written first = histogram();
        if (takeIf("TIMES")) {
            repeat(first.value(first.histogram), count() + 1);
            return;
        }
        boolean minus = is("SUB");
        if (!minus && !is("ADD")) {
            values.add(first.value(first.histogram));
            return;
        }
        take();
        Written step = histogram();
        expect("TIMES", VALUES, "");
        Span span = peek().span();
        long times = count();
        if (times > 0 && first.schema() > step.schema()) {
            throw new ParseException(
                    line,
                    span,
                    "error combining histograms: cannot merge from schema " + step.schema() + " to " + first.schema());
        }
        FloatHistogram histogram = FloatHistogram.of(first.histogram);
        FloatHistogram change = FloatHistogram.of(step.histogram);
        for (long left = times; left >= 0; left--) {
            values.add(first.value(histogram.toHistogram()));
            histogram = minus ? histogram.minus(change) : histogram.plus(change);
        }
    }

    private record Written(Histogram histogram, boolean hinted) {
        int schema() {
            return histogram.schema();
        }

        Value value(Histogram present) {
            return new Value(false, present.sum(), present, hinted);
        }
    }

    private Written histogram() throws ParseException {
        expect("OPEN_HIST", VALUES, "");
        Map<String, Object> fields = new HashMap<>();
        boolean blank = takeIf("SPACE");
        while (!takeIf("CLOSE_HIST")) {
            if (blank && fields.isEmpty()) {
                throw unexpected(VALUES, "");
            }
            field(fields);
            if (!takeIf("SPACE") && !is("CLOSE_HIST")) {
                throw unexpected(VALUES, "");
            }
        }
        double[] positive = (double[]) fields.getOrDefault("BUCKETS_DESC", new double[0]);
        double[] negative = (double[]) fields.getOrDefault("NEGATIVE_BUCKETS_DESC", new double[0]);
        Object hint = fields.getOrDefault("COUNTER_RESET_HINT_DESC", Histogram.ResetHint.UNKNOWN);
        Histogram histogram = Histogram.ofFloats(
                (Histogram.ResetHint) hint,
                (int) number(fields, "SCHEMA_DESC"),
                number(fields, "ZERO_BUCKET_WIDTH_DESC"),
                number(fields, "ZERO_BUCKET_DESC"),
                number(fields, "COUNT_DESC"),
                number(fields, "SUM_DESC"),
                span(number(fields, "OFFSET_DESC"), positive.length),
                positive,
                span(number(fields, "NEGATIVE_OFFSET_DESC"), negative.length),
                negative,
                (double[]) fields.getOrDefault("CUSTOM_VALUES_DESC", new double[0]));
        return new Written(histogram, fields.containsKey("COUNTER_RESET_HINT_DESC"));
    }

    private static double number(Map<String, Object> fields, String key) {
        return (double) fields.getOrDefault(key, 0.0);
    }

    private static int[] span(double offset, int length) {
        return length == 0 ? new int[0] : new int[] {(int) offset, length};
    }

    private void field(Map<String, Object> fields) throws ParseException {
        Item key = peek();
        if (!SeriesLexer.KEYS.containsValue(key.type())) {
            throw unexpected(VALUES, "");
        }
        take();
        expect("COLON", VALUES, "");
        Object value;
        if (key.type().equals("COUNTER_RESET_HINT_DESC")) {
            value = Histogram.ResetHint.valueOf(
                    expect("HINT", VALUES, "").text().toUpperCase(Locale.ROOT));
        } else if (key.type().equals("CUSTOM_VALUES_DESC") || key.type().endsWith("BUCKETS_DESC")) {
            value = list();
        } else {
            value = signedNumber();
        }
        if (fields.put(key.type(), value) != null) {
            throw new ParseException(
                    line, new Span(0, 0), "duplicate key " + Quoting.quote(key.text()) + " in histogram");
        }
    }

    private double[] list() throws ParseException {
        expect("LEFT_BRACKET", VALUES, "");
        List<Double> numbers = new ArrayList<>();
        while (!takeIf("RIGHT_BRACKET")) {
            numbers.add(signedNumber());
            if (!takeIf("SPACE") && !is("RIGHT_BRACKET")) {
                throw unexpected(VALUES, "");
            }
        }
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
