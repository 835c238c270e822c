package org.narthex.exporter.node;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/**
 * Puts the samples of each family together: collectors go from device to device, a page from family to family. Its parts are used again from scrape to
 * scrape. For one thread.
 */
final class Families implements MetricSink {
    private final Map<String, Family> families = new LinkedHashMap<>();
    private final Deque<Family> spare = new ArrayDeque<>();
    private Family current = new Family();

    private static final class Family {
        private MetricType type = MetricType.UNKNOWN;
        private String help = "";
        private String[] names = new String[8];
        private double[] values = new double[8];
        private String[][] labels = new String[8][];
        private int size;

        void add(String name, double value, String[] labelPairs) {
            if (size == values.length) {
                names = Arrays.copyOf(names, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
                labels = Arrays.copyOf(labels, 2 * size);
            }
            names[size] = name;
            values[size] = value;
            labels[size++] = labelPairs;
        }
    }

    /** Starts a family, or takes one up again; its type and help are those of the first time. */
    @Override
    public void family(String name, MetricType type, String help) {
        current = families.get(name);
        if (current == null) {
            current = spare.isEmpty() ? new Family() : spare.pop();
            current.type = type;
            current.help = help;
            families.put(name, current);
        }
    }

    @Override
    public void sample(String name, double value, String... labels) {
        current.add(name, value, labels);
    }

    /** Hands all on, families without samples left out, and is empty again. */
    void moveTo(MetricSink sink) {
        families.forEach((name, family) -> {
            if (family.size > 0) {
                sink.family(name, family.type, family.help);
            }
            for (int i = 0; i < family.size; i++) {
                sink.sample(family.names[i], family.values[i], family.labels[i]);
            }
            family.size = 0;
            spare.push(family);
        });
        families.clear();
    }
}
