package org.narthex.promql.histogram;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.HistogramBucket;
import org.narthex.api.model.SampleValue;

/** The text of a histogram for people. */
final class HistogramText {
    private HistogramText() {}

    static String of(Histogram histogram) {
        StringBuilder out = new StringBuilder("{count:")
                .append(SampleValue.format(histogram.count()))
                .append(", sum:")
                .append(SampleValue.format(histogram.sum()));
        for (HistogramBucket bucket : HistogramBucket.of(histogram)) {
            out.append(", ")
                    .append(bucket.lowerInclusive() ? '[' : '(')
                    .append(SampleValue.format(bucket.lower()))
                    .append(',')
                    .append(SampleValue.format(bucket.upper()))
                    .append(bucket.upperInclusive() ? ']' : ')')
                    .append(':')
                    .append(SampleValue.format(bucket.count()));
        }
        return out.append('}').toString();
    }
}
