package org.narthex.testkit;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;

/** Histograms for tests, of every kind there is. */
enum HistogramKind {
    INTEGER(false, false, false),
    FLOAT(true, false, false),
    INTEGER_GAUGE(false, true, false),
    FLOAT_GAUGE(true, true, false),
    INTEGER_CUSTOM(false, false, true),
    FLOAT_CUSTOM(true, false, true);

    private static final int CUSTOM_BOUNDS = 15;

    final boolean isFloat;
    final boolean isGauge;
    private final boolean isCustom;

    HistogramKind(boolean isFloat, boolean isGauge, boolean isCustom) {
        this.isFloat = isFloat;
        this.isGauge = isGauge;
        this.isCustom = isCustom;
    }

    /** What is known of its resets: nothing, or that it is a gauge. */
    Histogram of(long... buckets) {
        return of(isGauge ? ResetHint.GAUGE : ResetHint.UNKNOWN, buckets);
    }

    /**
     * A histogram with these counts in its positive buckets, those of 0 left out of the spans, and, where the kind has them, about half of each in the
     * negative ones and the first in the zero bucket.
     *
     * @param buckets at most 16
     */
    Histogram of(ResetHint hint, long... buckets) {
        long[] negative = new long[isCustom ? 0 : buckets.length];
        for (int i = 0; i < negative.length; i++) {
            negative[i] = buckets[i] / 2;
        }
        long zero = isCustom || buckets.length == 0 ? 0 : buckets[0];
        long count = zero + total(buckets) + total(negative);
        int schema = isCustom ? Histogram.CUSTOM_BUCKETS : 3;
        double threshold = isCustom ? 0 : 0.001;
        double sum = count * 1.25 - 0.1;
        double[] bounds = new double[isCustom ? CUSTOM_BOUNDS : 0];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = i * 0.25 - 1;
        }
        int[] spans = spans(buckets);
        int[] negativeSpans = spans(negative);
        return isFloat
                ? Histogram.ofFloats(
                        hint,
                        schema,
                        threshold,
                        zero * 0.5,
                        count * 0.5,
                        sum,
                        spans,
                        halves(used(buckets)),
                        negativeSpans,
                        halves(used(negative)),
                        bounds)
                : Histogram.ofIntegers(
                        hint,
                        schema,
                        threshold,
                        zero,
                        count,
                        sum,
                        spans,
                        used(buckets),
                        negativeSpans,
                        used(negative),
                        bounds);
    }

    private static long total(long[] counts) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    private static long[] used(long[] buckets) {
        return Arrays.stream(buckets).filter(count -> count > 0).toArray();
    }

    private static double[] halves(long[] counts) {
        return Arrays.stream(counts).mapToDouble(count -> count * 0.5).toArray();
    }

    private static int[] spans(long[] buckets) {
        int[] spans = new int[2 * buckets.length];
        int size = 0;
        int gap = 0;
        for (int i = 0; i < buckets.length; i++) {
            if (buckets[i] == 0) {
                gap++;
            } else if (size > 0 && gap == 0) {
                spans[size - 1]++;
            } else {
                spans[size++] = gap;
                spans[size++] = 1;
                gap = 0;
            }
        }
        return Arrays.copyOf(spans, size);
    }

    /** All of a histogram but its hint and its empty buckets, bit by bit. */
    static String text(Histogram histogram) {
        String kind = histogram.isFloat() ? "float" : "integer";
        if (histogram.isStale()) {
            return "stale " + kind + " histogram";
        }
        return kind + " histogram {schema " + histogram.schema() + ", count " + histogram.count() + ", sum "
                + Long.toHexString(Double.doubleToRawLongBits(histogram.sum())) + ", zero " + histogram.zeroCount()
                + " within " + histogram.zeroThreshold() + ", positive " + positive(histogram) + ", negative "
                + negative(histogram) + ", bounds " + Arrays.toString(histogram.customBounds()) + '}';
    }

    /** Whether the later one counts on from the earlier one: same bounds, and nothing is less. */
    static boolean countsOn(Histogram earlier, Histogram later) {
        return !earlier.isStale()
                && !later.isStale()
                && earlier.isFloat() == later.isFloat()
                && earlier.schema() == later.schema()
                && earlier.zeroThreshold() == later.zeroThreshold()
                && Arrays.equals(earlier.customBounds(), later.customBounds())
                && later.count() >= earlier.count()
                && later.zeroCount() >= earlier.zeroCount()
                && countOn(positive(earlier), positive(later))
                && countOn(negative(earlier), negative(later));
    }

    private static boolean countOn(Map<Integer, Double> earlier, Map<Integer, Double> later) {
        return earlier.entrySet().stream()
                .allMatch(bucket -> later.getOrDefault(bucket.getKey(), 0.0) >= bucket.getValue());
    }

    private static Map<Integer, Double> positive(Histogram histogram) {
        double[] counts = new double[histogram.positiveBuckets()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = histogram.positive(i);
        }
        return byIndex(histogram.positiveSpans(), counts);
    }

    private static Map<Integer, Double> negative(Histogram histogram) {
        double[] counts = new double[histogram.negativeBuckets()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = histogram.negative(i);
        }
        return byIndex(histogram.negativeSpans(), counts);
    }

    private static Map<Integer, Double> byIndex(int[] spans, double[] counts) {
        Map<Integer, Double> byIndex = new TreeMap<>();
        int index = 0;
        int next = 0;
        for (int i = 0; i < spans.length; i += 2) {
            index += spans[i];
            for (int k = 0; k < spans[i + 1]; k++) {
                if (counts[next] != 0) {
                    byIndex.put(index, counts[next]);
                }
                index++;
                next++;
            }
        }
        return byIndex;
    }
}
