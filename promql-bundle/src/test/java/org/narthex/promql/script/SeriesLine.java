package org.narthex.promql.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.PromDuration;
import org.narthex.api.model.StaleNaN;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Language;
import org.narthex.promql.parser.ParseException;
import org.narthex.promql.parser.Parser;
import org.narthex.promql.parser.Signature;

/**
 * {@code metric{labels} values}: a series and its values at consecutive positions.
 *
 * @param values null at positions without a sample
 * @param hasHistograms whether some value is a histogram, which is left out
 */
record SeriesLine(Labels metric, List<Double> values, boolean hasHistograms) {
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
        return new SeriesLine(metric(line.substring(0, end).trim()), values.list, values.histograms);
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
        private final List<Double> list = new ArrayList<>();
        private boolean histograms;

        void add(String item) {
            if (item.startsWith("{{")) {
                histograms = true;
                int x = item.lastIndexOf('x');
                boolean repeated = x > item.lastIndexOf('}');
                repeat(null, repeated ? Integer.parseInt(item.substring(x + 1)) + 1 : 1);
            } else if (item.equals("_")) {
                list.add(null);
            } else if (item.startsWith("_x")) {
                repeat(null, Integer.parseInt(item.substring(2)));
            } else if (item.equals("stale")) {
                list.add(StaleNaN.VALUE);
            } else {
                numbers(item);
            }
        }

        private void repeat(Double value, int times) {
            list.addAll(java.util.Collections.nCopies(times, value));
        }

        private void numbers(String item) {
            int x = item.lastIndexOf('x');
            if (x < 0) {
                list.add(number(item));
                return;
            }
            int times = Integer.parseInt(item.substring(x + 1)) + 1;
            String head = item.substring(0, x);
            int sign = stepSign(head);
            if (sign < 0) {
                repeat(number(head), times);
                return;
            }
            double value = number(head.substring(0, sign));
            double step = number(head.substring(sign));
            for (int i = 0; i < times; i++) {
                list.add(value);
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
