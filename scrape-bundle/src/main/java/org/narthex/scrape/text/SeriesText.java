package org.narthex.scrape.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.SampleValue;

/**
 * A series as a page spells it, {@code name{a="b"}} or {@code {"name","a"="b"}}, taken apart: this is for a series seen for the first time. Labels with
 * an empty value are kept, since {@code honor_labels} minds them.
 */
public final class SeriesText {
    /** name, value, name, value, …; the metric name first. */
    private String[] pairs = new String[16];

    private int size;

    /**
     * Takes apart the text of a series that {@link TextParser} accepted.
     *
     * @param type of the family: {@code le} of histograms and {@code quantile} of summaries get the one spelling all formats share
     */
    public void read(byte[] page, int from, int to, MetricType type) {
        size = 0;
        add(Labels.METRIC_NAME, "");
        int p = from;
        if (page[p] != '{') {
            while (p < to && page[p] != '{' && page[p] != ' ' && page[p] != '\t') {
                p++;
            }
            pairs[1] = text(page, from, p);
            p = skip(page, p, to);
        }
        p++;
        while (p < to) {
            p = skip(page, p, to);
            if (p >= to || page[p] == '}') {
                break;
            }
            int end = tokenEnd(page, p);
            String name = token(page, p, end);
            p = skip(page, end, to);
            if (page[p] != '=') {
                pairs[1] = name;
                continue;
            }
            p = skip(page, p + 1, to);
            end = tokenEnd(page, p);
            add(name, normalized(type, name, token(page, p, end)));
            p = end;
        }
    }

    public int size() {
        return size;
    }

    public String name(int i) {
        return pairs[2 * i];
    }

    public String value(int i) {
        return pairs[2 * i + 1];
    }

    /** Whether the label is there, be it with an empty value. */
    public boolean has(String name) {
        for (int i = 0; i < size; i++) {
            if (pairs[2 * i].equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** A label name that is given twice, or null. */
    public String duplicate() {
        for (int i = 1; i < size; i++) {
            for (int k = 0; k < i; k++) {
                if (pairs[2 * i].equals(pairs[2 * k])) {
                    return pairs[2 * i];
                }
            }
        }
        return null;
    }

    private void add(String name, String value) {
        if (2 * size == pairs.length) {
            pairs = Arrays.copyOf(pairs, 4 * size);
        }
        pairs[2 * size] = name;
        pairs[2 * size + 1] = value;
        size++;
    }

    private static int skip(byte[] page, int from, int to) {
        int p = from;
        while (p < to && (page[p] == ' ' || page[p] == '\t' || page[p] == ',')) {
            p++;
        }
        return p;
    }

    private static int tokenEnd(byte[] page, int from) {
        int p = from;
        if (page[p] != '"') {
            while (page[p] != '=' && page[p] != ' ' && page[p] != '\t') {
                p++;
            }
            return p;
        }
        p++;
        while (page[p] != '"') {
            p += page[p] == '\\' ? 2 : 1;
        }
        return p + 1;
    }

    private static String token(byte[] page, int from, int to) {
        return page[from] == '"' ? text(page, from + 1, to - 1) : text(page, from, to);
    }

    private static String text(byte[] page, int from, int to) {
        String raw = new String(page, from, to - from, StandardCharsets.UTF_8);
        int backslash = raw.indexOf('\\');
        if (backslash < 0) {
            return raw;
        }
        StringBuilder out = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i++);
            char next = c == '\\' && i < raw.length() ? raw.charAt(i) : 0;
            if (next == 'n') {
                out.append('\n');
                i++;
            } else if (next == '"' || next == '\\') {
                out.append(next);
                i++;
            } else {
                // An unknown escape stands as it is written.
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String normalized(MetricType type, String name, String value) {
        boolean isFloat = (type == MetricType.HISTOGRAM && name.equals("le"))
                || (type == MetricType.SUMMARY && name.equals("quantile"));
        if (!isFloat) {
            return value;
        }
        try {
            return openMetricsFloat(Decimal.parse(value));
        } catch (NumberFormatException e) {
            return value;
        }
    }

    /** The canonical spelling of OpenMetrics: always with a dot or an exponent; exponents from 1e+06 on and below 1e-04. */
    private static String openMetricsFloat(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return SampleValue.format(value);
        }
        double abs = Math.abs(value);
        if (abs != 0 && (abs < 1e-4 || abs >= 1e6)) {
            return SampleValue.formatExponent(value);
        }
        String plain = SampleValue.format(value);
        return plain.indexOf('.') < 0 && plain.indexOf('e') < 0 ? plain + ".0" : plain;
    }
}
