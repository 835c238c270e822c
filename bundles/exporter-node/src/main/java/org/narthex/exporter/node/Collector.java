package org.narthex.exporter.node;

import java.io.IOException;

import org.narthex.api.scrape.MetricSink;

/** Measures one subject. May be called by several threads. */
interface Collector {
    /** node_exporter's name for it. */
    String name();

    /**
     * Writes what there is. Families may be taken up again after others: the sink puts their samples together. What was written before a failure is kept,
     * as node_exporter does.
     *
     * @throws NoDataException if this host does not have what is measured
     * @throws IOException     if it has, and it cannot be read
     */
    void collect(MetricSink sink) throws IOException;
}
