package org.narthex.promql.eval;

import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.promql.histogram.FloatHistogram;

/**
 * The histograms among the samples of a series as values to calculate with, converted when first asked for. Where only their counts and sums
 * matter, buckets are left out; resets are then found in advance, since counts alone do not show all of them.
 */
final class Converted {
    private final SampleBuffer samples;
    private final FloatHistogram[] histograms;

    Converted(SampleBuffer samples, boolean countsOnly) {
        this.samples = samples;
        this.histograms = new FloatHistogram[samples.size()];
        if (countsOnly) {
            convertCounts();
        }
    }

    private void convertCounts() {
        FloatHistogram before = null;
        for (int i = 0; i < histograms.length; i++) {
            if (samples.histogram(i) == null || samples.histogram(i).isStale()) {
                continue;
            }
            FloatHistogram full = FloatHistogram.of(samples.histogram(i));
            FloatHistogram counts = full.withoutBuckets();
            if (before != null && full.hint() == ResetHint.UNKNOWN) {
                counts = counts.withHint(full.isResetAfter(before) ? ResetHint.RESET : ResetHint.NOT_RESET);
            }
            histograms[i] = counts;
            before = full;
        }
    }

    /** The histogram of a sample that is one. */
    FloatHistogram at(int i) {
        if (histograms[i] == null) {
            histograms[i] = FloatHistogram.of(samples.histogram(i));
        }
        return histograms[i];
    }
}
