package org.narthex.api.scrape;

import java.util.List;
import java.util.OptionalLong;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;

/**
 * A metric family as somebody exposes it. Immutable.
 *
 * @param name as {@link MetricSink#family} has it: counters carry their {@code _total}
 * @param help empty if there is none
 * @param samples in the order of the page
 */
public record MetricFamily(String name, MetricType type, String help, List<Sample> samples) {
    public MetricFamily {
        samples = List.copyOf(samples);
    }

    /**
     * A sample of a family.
     *
     * @param name that of the family, or for histograms and summaries the name with {@code _bucket}, {@code _sum}, {@code _count}
     * @param labels without the metric name
     * @param timestampMs milliseconds since the epoch, if the page gives a time
     */
    public record Sample(String name, Labels labels, double value, OptionalLong timestampMs) {}
}
