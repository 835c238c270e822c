package org.narthex.remote;

import org.narthex.api.model.MetricType;

/** A remote-write request of one version of the protocol. Used again and again; not thread-safe. */
abstract class Message {
    private static final MetricType[] TYPES = {
        MetricType.UNKNOWN,
        MetricType.COUNTER,
        MetricType.GAUGE,
        MetricType.HISTOGRAM,
        MetricType.GAUGEHISTOGRAM,
        MetricType.SUMMARY,
        MetricType.INFO,
        MetricType.STATESET
    };

    /** Reads what the intake's wire holds and gives the intake what is in it. */
    abstract void read(Intake intake) throws BadRequestException;

    /**
     * Reads the labels of a series.
     *
     * @param from as given to {@link Intake#startSeries}
     */
    abstract void labels(int from, int to, SeriesLabels into) throws BadRequestException;

    /** Forgets what it holds of the request. */
    abstract void clear();

    /** Both versions number the types alike. */
    static MetricType type(long number) {
        return number >= 0 && number < TYPES.length ? TYPES[(int) number] : MetricType.UNKNOWN;
    }
}
