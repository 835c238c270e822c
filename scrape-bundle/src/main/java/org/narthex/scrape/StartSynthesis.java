package org.narthex.scrape;

import java.util.HashMap;
import java.util.Map;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.scrape.histogram.Difference;

/**
 * Since when the series of one target count, where the target does not say: since the first sample of each. That one is not stored but taken from all
 * that follow, until the series starts anew at 0: from then on it counts since the last sample before. Used by one scrape at a time.
 */
final class StartSynthesis {
    /** A series is forgotten after so many scrapes without it. */
    private static final int KEPT_SCRAPES = 10;

    private final Map<Labels, Series> all = new HashMap<>();
    private int round;

    /** What is known about one series. */
    static final class Series {
        private final boolean cumulative;
        private int seenIn;
        private long startMs;
        private long lastMs;
        private double reference;
        private double last;
        private Histogram referenceHistogram;
        private Histogram lastHistogram;

        private Series(boolean cumulative) {
            this.cumulative = cumulative;
        }

        /** Whether it counts, so that since when is of interest. */
        boolean isCumulative() {
            return cumulative;
        }

        /** Since when, in milliseconds since the epoch. */
        long startMs() {
            return startMs;
        }

        /**
         * Looks at a sample; {@link #value()} is what to store of it.
         *
         * @return false if it is the one to start from, or no later than that
         */
        boolean take(long timeMs, double value) {
            if (startMs == 0 || lastHistogram != null) {
                begin(timeMs);
                reference = value;
            } else if (value < last) {
                startMs = lastMs;
                reference = 0;
            }
            last = value;
            lastMs = timeMs;
            return timeMs > startMs;
        }

        /** As the other, for a histogram; {@link #histogram()} is what to store. */
        boolean take(long timeMs, Histogram histogram) {
            if (startMs == 0 || lastHistogram == null || !Difference.isPossible(histogram, lastHistogram)) {
                begin(timeMs);
                referenceHistogram = histogram;
            } else if (Difference.of(histogram, lastHistogram).isEmpty()) {
                startMs = lastMs;
                referenceHistogram = null;
            }
            lastHistogram = histogram;
            lastMs = timeMs;
            return timeMs > startMs;
        }

        private void begin(long timeMs) {
            startMs = timeMs;
            lastHistogram = null;
            referenceHistogram = null;
        }

        double value() {
            return last - reference;
        }

        Histogram histogram() {
            return referenceHistogram == null
                    ? lastHistogram
                    : Difference.of(lastHistogram, referenceHistogram).orElse(lastHistogram);
        }
    }

    /** Null if the series was not met yet. */
    Series of(Labels labels) {
        Series series = all.get(labels);
        if (series != null) {
            series.seenIn = round;
        }
        return series;
    }

    Series add(Labels labels, boolean cumulative) {
        Series series = new Series(cumulative);
        series.seenIn = round;
        all.put(labels, series);
        return series;
    }

    /** Ends a good scrape. */
    void end() {
        all.values().removeIf(series -> series.seenIn < round - KEPT_SCRAPES);
        round++;
    }
}
