package org.narthex.promql.histogram;

/**
 * The finest buckets that two histograms can both be brought into.
 *
 * @param bounds of custom buckets, else empty
 */
@SuppressWarnings("ArrayRecordComponent") // shared, changed by nobody
record Layout(int schema, double zeroThreshold, double[] bounds) {
    static Layout common(FloatHistogram a, FloatHistogram b) {
        if (a.hasCustomBuckets()) {
            return new Layout(a.schema(), 0, intersection(a.bounds(), b.bounds()));
        }
        FloatHistogram wideA = a;
        FloatHistogram wideB = b;
        while (wideA.zeroThreshold() != wideB.zeroThreshold()) {
            if (wideA.zeroThreshold() < wideB.zeroThreshold()) {
                wideA = wideA.widened(wideB.zeroThreshold());
            } else {
                wideB = wideB.widened(wideA.zeroThreshold());
            }
        }
        return new Layout(Math.min(a.schema(), b.schema()), wideA.zeroThreshold(), a.bounds());
    }

    private static double[] intersection(double[] a, double[] b) {
        double[] both = new double[Math.min(a.length, b.length)];
        int n = 0;
        int i = 0;
        int j = 0;
        while (i < a.length && j < b.length) {
            if (a[i] == b[j]) {
                both[n++] = a[i];
                i++;
                j++;
            } else if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        return java.util.Arrays.copyOf(both, n);
    }

    FloatHistogram apply(FloatHistogram histogram) {
        if (histogram.hasCustomBuckets()) {
            return histogram.rebounded(bounds);
        }
        return histogram.widened(zeroThreshold).reduced(schema);
    }
}
