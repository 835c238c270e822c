package org.narthex.scrape;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/**
 * What the exporters of an in-process target measured. Each series is written as the text format would spell it, so that it is found in the same
 * cache by the same bytes as one that was scraped over HTTP.
 */
final class CollectedSamples implements MetricSink {
    private byte[] text = new byte[4096];
    private int[] ends = new int[64];
    private double[] values = new double[64];
    private MetricType[] types = new MetricType[64];
    private int length;
    private int size;
    private String family;
    private MetricType type = MetricType.UNKNOWN;
    private volatile boolean closed;

    /** From now on refuses samples: the scrape they were for is over. */
    void close() {
        closed = true;
    }

    @Override
    public void family(String name, MetricType familyType, String help) {
        family = name;
        type = familyType;
    }

    @Override
    public void sample(String name, double value, String... labels) {
        if (closed) {
            throw new IllegalStateException("the scrape that asked for " + family + " is over");
        }
        if (labels.length % 2 != 0) {
            throw new IllegalArgumentException(name + ": label " + labels[labels.length - 1] + " has no value");
        }
        if (size == values.length) {
            ends = Arrays.copyOf(ends, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
            types = Arrays.copyOf(types, 2 * size);
        }
        boolean plain = Labels.isMetricName(name);
        if (plain) {
            raw(name);
        }
        if (!plain || labels.length > 0) {
            put('{');
            if (!plain) {
                quoted(name);
            }
            for (int i = 0; i < labels.length; i += 2) {
                if (i > 0 || !plain) {
                    put(',');
                }
                if (Labels.isLabelName(labels[i])) {
                    raw(labels[i]);
                } else {
                    quoted(labels[i]);
                }
                put('=');
                quoted(labels[i + 1]);
            }
            put('}');
        }
        ends[size] = length;
        values[size] = value;
        types[size++] = type;
    }

    private void put(int c) {
        if (length == text.length) {
            text = Arrays.copyOf(text, 2 * length);
        }
        text[length++] = (byte) c;
    }

    private void raw(String identifier) {
        for (int i = 0; i < identifier.length(); i++) {
            put(identifier.charAt(i));
        }
    }

    private void quoted(String value) {
        put('"');
        int i = 0;
        while (i < value.length()) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                i = encode(value, i);
                continue;
            }
            if (c == '"' || c == '\\') {
                put('\\');
                put(c);
            } else if (c == '\n') {
                put('\\');
                put('n');
            } else {
                put(c);
            }
            i++;
        }
        put('"');
    }

    /** Writes all that follows up to the next character of ASCII, so that surrogates stay together; returns the index of that. */
    private int encode(String value, int from) {
        int to = from + 1;
        while (to < value.length() && value.charAt(to) >= 0x80) {
            to++;
        }
        for (byte b : value.substring(from, to).getBytes(StandardCharsets.UTF_8)) {
            put(b);
        }
        return to;
    }

    int size() {
        return size;
    }

    /** The bytes of all series; the series with the given index ends at {@link #end} and begins where the one before ends. */
    byte[] text() {
        return text;
    }

    int length() {
        return length;
    }

    int start(int i) {
        return i == 0 ? 0 : ends[i - 1];
    }

    int end(int i) {
        return ends[i];
    }

    double value(int i) {
        return values[i];
    }

    MetricType type(int i) {
        return types[i];
    }
}
