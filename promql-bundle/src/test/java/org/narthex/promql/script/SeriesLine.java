package org.narthex.promql.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.PromDuration;
import org.narthex.api.model.StaleNaN;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Language;
import org.narthex.promql.parser.ParseException;
import org.narthex.promql.parser.Parser;
import org.narthex.promql.parser.Signature;

/**
 * {@code metric{labels} values}: a series and its values at consecutive positions.
 *
 * @param values null at positions without a sample
 * @param startOffsetsMs from a sample to the time since when it has been counting; shorter than the values or null where that is unknown
 */
record SeriesLine(Labels metric, List<Point> values, List<Long> startOffsetsMs) {
    /**
     * A value.
     *
     * @param histogram null for a float
     * @param hinted whether the histogram's hint was written
     */
    record Point(double value, Histogram histogram, boolean hinted) {
        static Point of(double value) {
            return new Point(value, null, false);
        }
    }

    private static final Language SELECTORS = new Language() {
        @Override
        public Optional<Signature> function(String name) {
            return Optional.empty();
        }

        @Override
        public boolean experimentalFunctions() {
            return false;
        }

        @Override
        public boolean extendedRangeSelectors() {
            return false;
        }

        @Override
        public boolean fillModifiers() {
            return false;
        }
    };

    static SeriesLine parse(String line) {
        int end = metricEnd(line);
        Values values = new Values();
        for (String item : items(line.substring(end))) {
            values.add(item);
        }
        return new SeriesLine(metric(line.substring(0, end).trim()), values.list, List.of());
    }

    /** The offsets of a line {@code metric@st offsets}. */
    static List<Long> startOffsets(String line) {
        List<Long> offsets = new ArrayList<>();
        for (String item : items(line.substring(line.split("\\s+")[0].length()))) {
            int x = item.lastIndexOf('x');
            int times = x < 0 ? 1 : Integer.parseInt(item.substring(x + 1));
            String head = x < 0 ? item : item.substring(0, x);
            if (head.equals("_")) {
                offsets.addAll(java.util.Collections.nCopies(times, null));
                continue;
            }
            int sign = Math.max(head.indexOf('+', 1), head.indexOf('-', 1));
            long offset = millis(sign < 0 ? head : head.substring(0, sign));
            long step = sign < 0 ? 0 : millis(head.substring(sign));
            for (int i = 0; i < (x < 0 ? 1 : times + 1); i++) {
                offsets.add(offset + i * step);
            }
        }
        return offsets;
    }

    private static long millis(String text) {
        String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        long millis = unsigned.equals("0") || unsigned.equals("0ms") ? 0 : PromDuration.parse(unsigned);
        return text.startsWith("-") ? -millis : millis;
    }

    SeriesLine withStartOffsets(List<Long> offsets) {
        return new SeriesLine(metric, values, offsets);
    }

    static Labels metric(String text) {
        if (text.equals("{}")) {
            return Labels.EMPTY;
        }
        try {
            // Labels are written like the matchers of a selector; the extra one lets all others be empty.
            String selector = text.contains("{") ? text.replaceFirst("\\{", "{any!~\"\",") : text;
            Expr.VectorSelector parsed =
                    Parser.parseSelector(selector.replace("{any!~\"\",}", "{any!~\"\"}"), SELECTORS);
            Labels.Builder builder = Labels.builder();
            for (Matcher matcher : parsed.matchers()) {
                if (matcher.type() == Matcher.Type.EQUAL) {
                    builder.set(matcher.name(), matcher.value());
                }
            }
            return builder.build();
        } catch (ParseException e) {
            throw new IllegalArgumentException("not a series: " + text, e);
        }
    }

    /** The first blank outside braces and quotes ends the metric. */
    private static int metricEnd(String line) {
        boolean braces = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote != '`') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'' || c == '`') {
                quote = c;
            } else if (c == '{') {
                braces = true;
            } else if (c == '}') {
                braces = false;
            } else if (!braces && (c == ' ' || c == '\t')) {
                return i;
            }
        }
        return line.length();
    }

    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        StringBuilder item = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0 && (c == ' ' || c == '\t')) {
                if (item.length() > 0) {
                    items.add(item.toString());
                    item.setLength(0);
                }
            } else {
                item.append(c);
            }
        }
        if (item.length() > 0) {
            items.add(item.toString());
        }
        return items;
    }

    private static final class Values {
        private final List<Point> list = new ArrayList<>();

        void add(String item) {
            if (item.startsWith("{{")) {
                histograms(item);
            } else if (item.equals("_")) {
                list.add(null);
            } else if (item.startsWith("_x")) {
                repeat(null, Integer.parseInt(item.substring(2)));
            } else if (item.equals("stale")) {
                list.add(Point.of(StaleNaN.VALUE));
            } else {
                numbers(item);
            }
        }

        private void histograms(String item) {
            int x = item.lastIndexOf('x');
            boolean repeated = x > item.lastIndexOf('}');
            int times = repeated ? Integer.parseInt(item.substring(x + 1)) + 1 : 1;
            String head = repeated ? item.substring(0, x) : item;
            int end = head.indexOf("}}") + 2;
            String first = head.substring(0, end);
            boolean hinted = HistogramLiteral.namesHint(head);
            FloatHistogram histogram = FloatHistogram.of(HistogramLiteral.parse(first));
            FloatHistogram step =
                    end == head.length() ? null : FloatHistogram.of(HistogramLiteral.parse(head.substring(end + 1)));
            for (int i = 0; i < times; i++) {
                list.add(new Point(histogram.sum(), histogram.toHistogram(), hinted));
                if (step != null) {
                    histogram = head.charAt(end) == '-' ? histogram.minus(step) : histogram.plus(step);
                }
            }
        }

        private void repeat(Point value, int times) {
            list.addAll(java.util.Collections.nCopies(times, value));
        }

        private void numbers(String item) {
            int x = item.lastIndexOf('x');
            if (x < 0) {
                list.add(Point.of(number(item)));
                return;
            }
            int times = Integer.parseInt(item.substring(x + 1)) + 1;
            String head = item.substring(0, x);
            int sign = stepSign(head);
            if (sign < 0) {
                repeat(Point.of(number(head)), times);
                return;
            }
            double value = number(head.substring(0, sign));
            double step = number(head.substring(sign));
            for (int i = 0; i < times; i++) {
                list.add(Point.of(value));
                value += step;
            }
        }

        /** Where the step's sign stands: not at the start, not in an exponent. */
        private static int stepSign(String text) {
            for (int i = 1; i < text.length(); i++) {
                char c = text.charAt(i);
                char before = text.charAt(i - 1);
                if ((c == '+' || c == '-') && before != 'e' && before != 'E') {
                    return i;
                }
            }
            return -1;
        }
    }

    static double number(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String unsigned = lower.startsWith("+") || lower.startsWith("-") ? lower.substring(1) : lower;
        double sign = lower.startsWith("-") ? -1 : 1;
        if (unsigned.equals("inf")) {
            return sign * Double.POSITIVE_INFINITY;
        }
        if (unsigned.equals("nan")) {
            return Double.NaN;
        }
        if (Arrays.asList("s", "m", "h", "d", "w", "y").contains(unsigned.substring(unsigned.length() - 1))) {
            return sign * PromDuration.parse(unsigned) / 1000.0;
        }
        return sign * Double.parseDouble(unsigned);
    }
}
