package org.narthex.scrape.histogram;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

import org.narthex.api.model.Histogram;

/** What a histogram that counts on has more than it had before. */
public final class Difference {
    private Difference() {}

    /** Whether one can be taken from the other, bucket by bucket. */
    public static boolean isPossible(Histogram now, Histogram before) {
        return now.isFloat() == before.isFloat()
                && now.schema() == before.schema()
                && now.zeroThreshold() == before.zeroThreshold()
                && Arrays.equals(now.customBounds(), before.customBounds());
    }

    /**
     * The difference; empty if anything became less, so that the later one does not count on from the earlier.
     *
     * @param before must have the {@link #isPossible same buckets}
     */
    public static Optional<Histogram> of(Histogram now, Histogram before) {
        double count = now.count() - before.count();
        double zeros = now.zeroCount() - before.zeroCount();
        double[] positive = less(now.positiveSpans(), positives(now), before.positiveSpans(), positives(before));
        double[] negative = less(now.negativeSpans(), negatives(now), before.negativeSpans(), negatives(before));
        if (count < 0 || zeros < 0 || positive == null || negative == null) {
            return Optional.empty();
        }
        double sum = now.sum() - before.sum();
        return Optional.of(
                now.isFloat()
                        ? Histogram.ofFloats(
                                now.resetHint(),
                                now.schema(),
                                now.zeroThreshold(),
                                zeros,
                                count,
                                sum,
                                now.positiveSpans(),
                                positive,
                                now.negativeSpans(),
                                negative,
                                now.customBounds())
                        : Histogram.ofIntegers(
                                now.resetHint(),
                                now.schema(),
                                now.zeroThreshold(),
                                now.zeroCountBits() - before.zeroCountBits(),
                                now.countBits() - before.countBits(),
                                sum,
                                now.positiveSpans(),
                                whole(positive),
                                now.negativeSpans(),
                                whole(negative),
                                now.customBounds()));
    }

    /** The counts of the later one less those of the earlier; null if one became less. */
    private static double[] less(int[] nowSpans, double[] now, int[] beforeSpans, double[] before) {
        double[] counts = now.clone();
        int[] nowIndexes = indexes(nowSpans, now.length);
        int[] beforeIndexes = indexes(beforeSpans, before.length);
        int n = 0;
        for (int b = 0; b < before.length; b++) {
            while (n < now.length && nowIndexes[n] < beforeIndexes[b]) {
                n++;
            }
            boolean found = n < now.length && nowIndexes[n] == beforeIndexes[b];
            if (found) {
                counts[n] -= before[b];
            }
            if (found ? counts[n] < 0 : before[b] > 0) {
                return null;
            }
        }
        return counts;
    }

    private static int[] indexes(int[] spans, int size) {
        int[] indexes = new int[size];
        int n = 0;
        int index = 0;
        for (int i = 0; i < spans.length; i += 2) {
            index += spans[i];
            for (int k = 0; k < spans[i + 1]; k++) {
                indexes[n++] = index++;
            }
        }
        return indexes;
    }

    private static double[] positives(Histogram histogram) {
        return counts(histogram.positiveBuckets(), histogram::positive);
    }

    private static double[] negatives(Histogram histogram) {
        return counts(histogram.negativeBuckets(), histogram::negative);
    }

    private static double[] counts(int buckets, IntToDoubleFunction count) {
        return IntStream.range(0, buckets).mapToDouble(count).toArray();
    }

    private static long[] whole(double[] counts) {
        return Arrays.stream(counts).mapToLong(count -> (long) count).toArray();
    }
}
