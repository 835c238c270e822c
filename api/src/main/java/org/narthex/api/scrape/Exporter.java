package org.narthex.api.scrape;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Measures something inside this process. Register as a service with the property {@link #NAME}: exporters of one name together are one target,
 * scraped like any other, with {@code up}, relabelling and limits. It may come and go at run time; when the last one of a name
 * goes, its series end with staleness markers.
 *
 * <p>A target of the name exists where a scrape configuration asks for it, by a target with the label {@value #TARGET_LABEL}; if none asks,
 * and {@link #ON_DEMAND} is not set, Narthex adds one by itself with {@code job} = the name and {@code instance} = this host.
 */
@ConsumerType
@FunctionalInterface
public interface Exporter {
    /** Mandatory service property (String): the exporter's name, e.g. {@code node}. */
    String NAME = "narthex.exporter.name";

    /** Service property (Boolean): true if the exporter is scraped only where the configuration asks for it. Default false. */
    String ON_DEMAND = "narthex.exporter.on.demand";

    /** Service property (String): scrape interval of the target added by itself, such as {@code 15s}. Default: the global one. */
    String INTERVAL = "narthex.exporter.interval";

    /**
     * Service property (Boolean): true if the labels of its samples win over those of the target added by itself, as {@code honor_labels} does for
     * a job that the configuration names. Default false.
     */
    String HONOR_LABELS = "narthex.exporter.honor.labels";

    /** The name shared by Narthex' own parts; {@code GET /metrics} shows what these measure. */
    String SELF = "narthex";

    /** The label of a configured target that makes it an in-process one; its value is the exporter's name. */
    String TARGET_LABEL = "__exporter__";

    /**
     * Writes the present values. Called once per scrape by a thread of the scraper, within the scrape timeout; calls may overlap when several
     * targets ask for it. An exception fails that scrape ({@code up} is 0) and nothing else.
     */
    void collect(MetricSink sink) throws Exception;
}
