package org.narthex.api.scrape;

import org.narthex.api.model.MetricType;
import org.osgi.annotation.versioning.ProviderType;

/** Takes what an {@link Exporter} measured. Valid during one {@code collect} call, used by its thread alone. */
@ProviderType
public interface MetricSink {
    /**
     * Starts a metric family; the samples that follow belong to it.
     *
     * @param name the family's name, e.g. {@code node_load1}; counters carry their {@code _total} here
     */
    void family(String name, MetricType type, String help);

    /**
     * Adds a sample to the family started last.
     *
     * @param name the family's name, or for histograms and summaries the name with {@code _bucket}, {@code _sum}, {@code _count}
     * @param labels name, value, name, value, …
     */
    void sample(String name, double value, String... labels);

    /** A gauge with a single sample. */
    default void gauge(String name, String help, double value, String... labels) {
        family(name, MetricType.GAUGE, help);
        sample(name, value, labels);
    }

    /** A counter with a single sample; the name ends in {@code _total}. */
    default void counter(String name, String help, double value, String... labels) {
        family(name, MetricType.COUNTER, help);
        sample(name, value, labels);
    }
}
