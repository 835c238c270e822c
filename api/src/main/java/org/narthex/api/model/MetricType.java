package org.narthex.api.model;

import java.util.Locale;

/** The type a metric family declares, in Prometheus' words. */
public enum MetricType {
    UNKNOWN,
    COUNTER,
    GAUGE,
    HISTOGRAM,
    GAUGEHISTOGRAM,
    SUMMARY,
    INFO,
    STATESET;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The word of the API and of OpenMetrics, e.g. {@code counter}. */
    public String word() {
        return word;
    }
}
