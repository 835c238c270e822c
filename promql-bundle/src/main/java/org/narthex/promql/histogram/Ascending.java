package org.narthex.promql.histogram;

/** All buckets of a histogram from the lowest to the highest; bounds that reach into the zero bucket end at its edge. */
final class Ascending {
    private final double[] lowers;
    private final double[] uppers;
    private final double[] counts;
    private int size;

    Ascending(FloatHistogram histogram) {
        Side positive = histogram.positive();
        Side negative = histogram.negative();
        int most = positive.size() + negative.size() + 1;
        lowers = new double[most];
        uppers = new double[most];
        counts = new double[most];
        double edge = histogram.zeroThreshold();
        for (int i = negative.size() - 1; i >= 0; i--) {
            double upper = -histogram.upper(negative.index(i) - 1);
            add(-histogram.upper(negative.index(i)), upper > -edge ? -edge : upper, negative.count(i));
        }
        if (histogram.zeroCount() > 0) {
            add(-edge, edge, histogram.zeroCount());
        }
        boolean custom = histogram.hasCustomBuckets();
        for (int i = 0; i < positive.size(); i++) {
            double lower = histogram.upper(positive.index(i) - 1);
            add(!custom && lower < edge ? edge : lower, histogram.upper(positive.index(i)), positive.count(i));
        }
    }

    private void add(double lower, double upper, double count) {
        lowers[size] = lower;
        uppers[size] = upper;
        counts[size++] = count;
    }

    int size() {
        return size;
    }

    double lower(int i) {
        return lowers[i];
    }

    double upper(int i) {
        return uppers[i];
    }

    double count(int i) {
        return counts[i];
    }
}
