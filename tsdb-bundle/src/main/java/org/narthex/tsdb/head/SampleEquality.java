package org.narthex.tsdb.head;

import org.narthex.api.model.Histogram;

/** When a sample sent twice is the same one. */
final class SampleEquality {
    private SampleEquality() {}

    /**
     * Whether two samples are equal bit by bit; of histograms the hint does not count.
     *
     * @param histogram null for a float, then {@code valueBits} counts
     */
    static boolean areEqual(long valueBits, Histogram histogram, long otherBits, Histogram other) {
        if (histogram == null || other == null) {
            return histogram == null && other == null && valueBits == otherBits;
        }
        return histogram.equalsIgnoringHint(other);
    }
}
