package org.narthex.scrape.text;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.MetricType;

/** What the parsers of formats with a sample per line have in common: the page, and the line read last. */
abstract class LineParser implements PageParser {
    final Decimal decimal = new Decimal();
    /** Ends with a line break in any case, so that scans need no bound. */
    byte[] buf = new byte[1];

    int limit;
    int pos;
    int seriesStart;
    int seriesEnd;
    boolean predicted;
    double value;
    boolean hasTimestamp;
    long timestampMs;
    MetricType type = MetricType.UNKNOWN;
    int familyHash;
    FamilySink families;

    @Override
    public final byte[] series() {
        return buf;
    }

    @Override
    public final int seriesStart() {
        return seriesStart;
    }

    @Override
    public final int seriesEnd() {
        return seriesEnd;
    }

    @Override
    public final boolean predicted() {
        return predicted;
    }

    @Override
    public final void read(SeriesText into) {
        into.read(buf, seriesStart, seriesEnd, type);
    }

    @Override
    public final double value() {
        return value;
    }

    /** None: these formats have no native histograms. */
    @Override
    public final Histogram histogram() {
        return null;
    }

    @Override
    public final boolean hasTimestamp() {
        return hasTimestamp;
    }

    @Override
    public final long timestampMs() {
        return timestampMs;
    }

    @Override
    public final MetricType type() {
        return type;
    }

    @Override
    public final int familyHash() {
        return familyHash;
    }
}
