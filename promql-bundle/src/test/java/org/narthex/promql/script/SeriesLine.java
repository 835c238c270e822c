package org.narthex.promql.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.PromDuration;
import org.narthex.promql.parser.ParseException;
import org.narthex.promql.parser.SeriesParser;

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

    static SeriesLine parse(String line) {
        try {
            SeriesParser.Series series = SeriesParser.parse(line);
            List<Point> points = new ArrayList<>();
            for (SeriesParser.Value value : series.values()) {
                points.add(value.omitted() ? null : new Point(value.value(), value.histogram(), value.hinted()));
            }
            return new SeriesLine(series.metric(), points, List.of());
        } catch (ParseException e) {
            throw new IllegalArgumentException(line + ": " + e.getMessage(), e);
        }
    }

    /** The offsets of a line {@code metric@st offsets}. */
    static List<Long> startOffsets(String line) {
        List<Long> offsets = new ArrayList<>();
        String[] words = line.trim().split("\\s+");
        for (String item : Arrays.asList(words).subList(1, words.length)) {
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
