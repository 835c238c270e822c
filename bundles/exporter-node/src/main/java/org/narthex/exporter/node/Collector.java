package org.narthex.exporter.node;

import java.io.IOException;

import org.narthex.api.scrape.MetricSink;

/** Measures one subject. May be called by several threads. */
interface Collector {
    /** node_exporter's name for it. */
    String name();

    /**
     * Reads everything before it writes anything, so that a failure leaves no half of it behind.
     *
     * @throws IOException if the files are not there or cannot be read
     */
    void collect(MetricSink sink) throws IOException;
}
