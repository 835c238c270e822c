package org.narthex.exporter.node;

import java.util.OptionalDouble;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/**
 * A file below {@code /sys} that holds one number, and the family it becomes.
 *
 * @param factor turns the kernel's unit into the family's
 */
record Attribute(String file, String family, MetricType type, String help, double factor) {
    static Attribute gauge(String file, String family, String help, double factor) {
        return new Attribute(file, family, MetricType.GAUGE, help, factor);
    }

    static Attribute counter(String file, String family, String help, double factor) {
        return new Attribute(file, family, MetricType.COUNTER, help, factor);
    }

    /** Adds the value a device has; nothing if it has none. */
    void write(MetricSink sink, KernelFiles files, String folder, String... labels) {
        OptionalDouble value = files.value(folder + "/" + file);
        if (value.isPresent()) {
            write(sink, value.getAsDouble(), labels);
        }
    }

    /** Adds a value in the kernel's unit. */
    void write(MetricSink sink, double value, String... labels) {
        sink.family(family, type, help);
        // A division by a power of ten is exact where the product with its inverse is not.
        sink.sample(family, factor < 1 ? value / Math.rint(1 / factor) : value * factor, labels);
    }
}
