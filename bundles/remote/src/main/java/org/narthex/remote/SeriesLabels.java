package org.narthex.remote;

import java.util.Arrays;

import org.narthex.api.model.Labels;

/** Collects the labels of one series as they come, and judges them as Prometheus' receiver does. Used again and again; not thread-safe. */
final class SeriesLabels {
    private final Labels.Builder builder = Labels.builder();
    private String[] pairs = new String[32];
    private int length;
    private boolean sorted;
    private boolean valid;
    private boolean named;

    void clear() {
        length = 0;
        sorted = true;
        valid = true;
        named = false;
    }

    /** @param utf8 whether name and value are valid UTF-8 */
    void add(String name, String value, boolean utf8) {
        if (length == pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * length);
        }
        sorted &= length == 0 || Labels.UTF8_ORDER.compare(pairs[length - 2], name) < 0;
        pairs[length] = name;
        pairs[length + 1] = value;
        length += 2;
        boolean metricName = name.equals(Labels.METRIC_NAME);
        named |= metricName;
        valid &= utf8 && !name.isEmpty() && !(metricName && value.isEmpty());
    }

    /** What is wrong, in Prometheus' words, or the empty text. */
    String problem() {
        if (!named || !valid) {
            return "invalid metric name or labels, got " + this;
        }
        String twice = sorted ? "" : duplicate();
        return twice.isEmpty() ? "" : "invalid labels for series, labels " + this + ", duplicated label " + twice;
    }

    private String duplicate() {
        String[] names = names();
        for (int i = 1; i < names.length; i++) {
            if (names[i].equals(names[i - 1])) {
                return names[i];
            }
        }
        return "";
    }

    private String[] names() {
        String[] names = new String[length / 2];
        for (int i = 0; i < names.length; i++) {
            names[i] = pairs[2 * i];
        }
        Arrays.sort(names, Labels.UTF8_ORDER);
        return names;
    }

    /** The labels in order, those with an empty value left out. */
    Labels build() {
        builder.reset(Labels.EMPTY);
        for (int i = 0; i < length; i += 2) {
            builder.set(pairs[i], pairs[i + 1]);
        }
        return builder.build();
    }

    /** The labels as they came. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < length; i += 2) {
            out.append(i == 0 ? "" : ", ");
            if (Labels.isLabelName(pairs[i])) {
                out.append(pairs[i]);
            } else {
                Labels.appendQuoted(out, pairs[i]);
            }
            out.append('=');
            Labels.appendQuoted(out, pairs[i + 1]);
        }
        return out.append('}').toString();
    }
}
