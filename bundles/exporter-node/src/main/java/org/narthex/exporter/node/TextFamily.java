package org.narthex.exporter.node;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.narthex.api.model.MetricType;

/** A metric family of a text file, while it is read; its help is empty if the file has none. */
final class TextFamily {
    private final String name;
    private final List<Sample> samples = new ArrayList<>();
    private MetricType type = MetricType.UNKNOWN;
    private String help = "";
    private boolean typed;

    TextFamily(String name) {
        this.name = name;
    }

    /** One line; the labels are name, value, name, value, …, by name. */
    static final class Sample {
        private final String name;
        private final String[] labels;
        private final double value;

        Sample(String name, String[] labels, double value) {
            this.name = name;
            this.labels = labels;
            this.value = value;
        }

        String name() {
            return name;
        }

        String[] labels() {
            return labels;
        }

        double value() {
            return value;
        }

        /** The same for the same series, and for no other. */
        String series() {
            return labels.length == 0 ? name : name + Arrays.toString(labels);
        }
    }

    String name() {
        return name;
    }

    List<Sample> samples() {
        return samples;
    }

    MetricType type() {
        return type;
    }

    String help() {
        return help;
    }

    void help(String text) throws TextFormat.Fault {
        if (!help.isEmpty()) {
            throw new TextFormat.Fault("a second HELP of " + name);
        }
        help = text;
    }

    void type(MetricType kind) throws TextFormat.Fault {
        if (typed) {
            throw new TextFormat.Fault("a second TYPE of " + name);
        }
        if (!samples.isEmpty()) {
            throw new TextFormat.Fault("the TYPE of " + name + " comes after its samples");
        }
        type = kind;
        typed = true;
    }

    /** Whether a sample of that name is one of this family. */
    boolean holds(String sample) {
        return switch (type) {
            case HISTOGRAM ->
                isSuffixed(sample, "_bucket") || isSuffixed(sample, "_sum") || isSuffixed(sample, "_count");
            case SUMMARY -> sample.equals(name) || isSuffixed(sample, "_sum") || isSuffixed(sample, "_count");
            default -> sample.equals(name);
        };
    }

    private boolean isSuffixed(String sample, String suffix) {
        return sample.length() == name.length() + suffix.length() && sample.startsWith(name) && sample.endsWith(suffix);
    }
}
