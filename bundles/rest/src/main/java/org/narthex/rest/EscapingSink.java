package org.narthex.rest;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Passes on what it is given with the names escaped. */
final class EscapingSink implements MetricSink {
    private final MetricSink next;
    private final NameEscaping escaping;

    EscapingSink(MetricSink next, NameEscaping escaping) {
        this.next = next;
        this.escaping = escaping;
    }

    @Override
    public void family(String name, MetricType type, String help) {
        next.family(escaping.escape(name), type, help);
    }

    @Override
    public void sample(String name, double value, String... labels) {
        String[] escaped = labels.clone();
        for (int i = 0; i < escaped.length; i += 2) {
            escaped[i] = escaping.escape(escaped[i]);
        }
        next.sample(escaping.escape(name), value, escaped);
    }
}
