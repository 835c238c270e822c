package org.narthex.scrape.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;

/**
 * A series taken apart, as a page in a text format spells it, {@code name{a="b"}} or {@code {"name","a"="b"}}, or made up: this is for a series seen for the first time. Labels with
 * an empty value are kept, since {@code honor_labels} minds them.
 */
public final class SeriesText {
    /** Prometheus' ordinary NaN: no other is taken from a target, so that none can send a staleness marker. */
    public static final double NAN = Decimal.NAN;

    private static final int MANY = 32;

    /** name, value, name, value, …; the metric name first. */
    private String[] pairs = new String[16];

    private int size;

    /**
     * Takes apart the text of a series that {@link TextParser} or {@link OpenMetricsParser} accepted.
     *
     * @param type of the family: {@code le} of histograms and {@code quantile} of summaries get the one spelling all formats share
     */
    public void read(byte[] page, int from, int to, MetricType type) {
        begin("");
        int p = from;
        if (page[p] != '{') {
            while (p < to && page[p] != '{' && page[p] != ' ' && page[p] != '\t') {
                p++;
            }
            pairs[1] = text(page, from, p);
            p = skip(page, p, to);
        }
        labels(page, p + 1, to, type);
    }

    /** Takes apart what stands between braces, without a metric name. */
    void readLabels(byte[] page, int from, int to, MetricType type) {
        begin("");
        labels(page, from, to, type);
    }

    private void labels(byte[] page, int from, int to, MetricType type) {
        int p = from;
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

    /** Starts a series that is made up label by label. */
    public void begin(String metricName) {
        size = 0;
        add(Labels.METRIC_NAME, metricName);
    }

    /** Sets a label that wins over an exposed one of that name; an empty value only removes that. */
    public void override(String name, String value) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!pairs[2 * i].equals(name)) {
                pairs[2 * kept] = pairs[2 * i];
                pairs[2 * kept++ + 1] = pairs[2 * i + 1];
            }
        }
        size = kept;
        if (!value.isEmpty()) {
            add(name, value);
        }
    }

    /** Orders the labels by name, the metric name first, if there are so many that it pays. */
    public void sortIfMany() {
        if (size > MANY) {
            sort();
        }
    }

    private void sort() {
        Integer[] order = new Integer[size - 1];
        for (int i = 0; i < order.length; i++) {
            order[i] = i + 1;
        }
        Arrays.sort(order, (a, b) -> Labels.UTF8_ORDER.compare(pairs[2 * a], pairs[2 * b]));
        String[] sorted = new String[pairs.length];
        sorted[0] = pairs[0];
        sorted[1] = pairs[1];
        for (int i = 0; i < order.length; i++) {
            sorted[2 * i + 2] = pairs[2 * order[i]];
            sorted[2 * i + 3] = pairs[2 * order[i] + 1];
        }
        pairs = sorted;
    }

    /**
     * Bytes that name the histogram this series belongs to: the labels in order, without the one given. No page spells a series like that.
     *
     * @param suffix what the metric name ends with, which is left out
     */
    public byte[] withoutSuffix(String suffix, String label) {
        sort();
        int nameLength = pairs[1].length() - suffix.length();
        StringBuilder out = new StringBuilder().append(nameLength).append(':').append(pairs[1], 0, nameLength);
        for (int i = 1; i < size; i++) {
            if (!pairs[2 * i].equals(label)) {
                // With its length before it, no text can look like two.
                out.append(pairs[2 * i].length()).append(':').append(pairs[2 * i]);
                out.append(pairs[2 * i + 1].length()).append(':').append(pairs[2 * i + 1]);
            }
        }
        byte[] text = out.toString().getBytes(StandardCharsets.UTF_8);
        byte[] marked = new byte[text.length + 1];
        // Never the first byte of UTF-8.
        marked[0] = (byte) 0xff;
        System.arraycopy(text, 0, marked, 1, text.length);
        return marked;
    }

    /** Leaves out the suffix of the metric's name and the label. */
    public void reduce(String suffix, String label) {
        pairs[1] = pairs[1].substring(0, pairs[1].length() - suffix.length());
        override(label, "");
    }

    /** A hash of a family's name as {@link PageParser#familyHash} has it. */
    public static int familyHash(byte[] name, int from, int to) {
        return Scan.hash(name, from, to);
    }

    /** A number as pages write it; NaN if it is none. */
    public static double number(String text) {
        try {
            return Decimal.parse(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
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

    /** A label name that is given twice, or null; call {@link #sortIfMany} first. */
    public String duplicate() {
        for (int i = 2; i < size; i++) {
            // If there are many they are in order.
            for (int k = size > MANY ? i - 1 : 1; k < i; k++) {
                if (pairs[2 * i].equals(pairs[2 * k])) {
                    return pairs[2 * i];
                }
            }
        }
        for (int i = 1; i < size; i++) {
            if (pairs[2 * i].equals(Labels.METRIC_NAME)) {
                return Labels.METRIC_NAME;
            }
        }
        return null;
    }

    public void add(String name, String value) {
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
        return unescaped(page, from, to, true);
    }

    /**
     * A text without its escapes; an unknown escape stands as it is written.
     *
     * @param quotes whether a quote may be escaped, beside a backslash and a line break
     */
    public static String unescaped(byte[] page, int from, int to, boolean quotes) {
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
            } else if ((quotes && next == '"') || next == '\\') {
                out.append(next);
                i++;
            } else {
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
            return OpenMetricsFloat.format(Decimal.parse(value));
        } catch (NumberFormatException e) {
            return value;
        }
    }
}
