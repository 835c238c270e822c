package org.narthex.tsdb.chunk;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.SampleBuffer;

/** Series such as scrapes give, and such as they hardly ever give. */
final class RandomSamples {
    private final Random random;

    RandomSamples(Random random) {
        this.random = random;
    }

    /** @param startTimestamps whether samples have start timestamps, which change now and then */
    SampleBuffer floats(int n, boolean startTimestamps) {
        SampleBuffer samples = new SampleBuffer();
        int shape = random.nextInt(8);
        double v = 0;
        Clock clock = new Clock(startTimestamps);
        for (int i = 0; i < n; i++) {
            v = switch (shape) {
                case 0 -> 7;
                case 1 -> i;
                case 2 -> Double.longBitsToDouble(random.nextLong());
                case 3 -> random.nextInt(10) == 0 ? StaleNaN.VALUE : random.nextGaussian();
                case 4 -> v + 0.1;
                case 5 -> odd();
                case 6 -> random.nextInt(6) == 0 ? StaleNaN.VALUE : 5;
                default -> random.nextInt(1000);
            };
            samples.add(clock.next(), v);
            clock.note(samples);
        }
        return samples;
    }

    private double odd() {
        double[] odd = {
            Double.NaN,
            StaleNaN.VALUE,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            0.0,
            -0.0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            Double.longBitsToDouble(0x7ff8000000000001L),
            random.nextDouble()
        };
        return odd[random.nextInt(odd.length)];
    }

    /** Histograms of one kind, with all that may happen to them. */
    SampleBuffer histograms(int n, boolean isFloat, boolean startTimestamps) {
        SampleBuffer samples = new SampleBuffer();
        appendHistograms(n, isFloat, new Clock(startTimestamps), samples);
        return samples;
    }

    /** Floats, histograms of whole numbers and of floats in one series. */
    SampleBuffer mixed(int n, boolean startTimestamps) {
        SampleBuffer samples = new SampleBuffer();
        Clock clock = new Clock(startTimestamps);
        while (samples.size() < n) {
            int run = 1 + random.nextInt(40);
            if (random.nextBoolean()) {
                appendHistograms(run, random.nextBoolean(), clock, samples);
            } else {
                for (int i = 0; i < run; i++) {
                    samples.add(clock.next(), random.nextInt(4) == 0 ? odd() : random.nextInt(100));
                    clock.note(samples);
                }
            }
        }
        return samples;
    }

    private void appendHistograms(int n, boolean isFloat, Clock clock, SampleBuffer into) {
        Observed observed = new Observed(isFloat);
        for (int i = 0; i < n; i++) {
            observed.move();
            into.add(clock.next(), random.nextInt(25) == 0 ? Histogram.stale(isFloat) : observed.histogram());
            clock.note(into);
        }
    }

    /** Times of samples, most of them evenly spaced. */
    private final class Clock {
        private final boolean startTimestamps;
        private final int unsteady = 1 + random.nextInt(30);
        private final int pace = 1 + random.nextInt(60_000);
        private long t = random.nextInt(5) == 0 ? -random.nextInt(1_000_000) : 1_700_000_000_000L + random.nextInt();
        private long start;

        Clock(boolean startTimestamps) {
            this.startTimestamps = startTimestamps;
        }

        long next() {
            t += pace;
            if (random.nextInt(unsteady) == 0) {
                t += random.nextLong(1L << (1 + random.nextInt(34)));
            }
            if (startTimestamps && random.nextInt(40) == 0) {
                start = random.nextInt(5) == 0 ? 0 : t - random.nextInt(100_000);
            }
            return t;
        }

        void note(SampleBuffer samples) {
            samples.startTimestampMs(samples.size() - 1, start);
        }
    }

    /** What a histogram has counted so far. */
    private final class Observed {
        private final boolean isFloat;
        private final ResetHint hint = random.nextInt(3) == 0 ? ResetHint.GAUGE : ResetHint.UNKNOWN;
        private final TreeMap<Integer, Double> positive = new TreeMap<>();
        private final TreeMap<Integer, Double> negative = new TreeMap<>();
        private int schema;
        private double zeroThreshold;
        private double[] customBounds;
        private double zeroCount;
        private double sum;

        Observed(boolean isFloat) {
            this.isFloat = isFloat;
            change();
        }

        /** Other buckets, as after a new configuration. */
        private void change() {
            positive.clear();
            negative.clear();
            zeroCount = 0;
            boolean custom = random.nextInt(3) == 0;
            schema = custom ? Histogram.CUSTOM_BUCKETS : random.nextInt(13) - 4;
            zeroThreshold = custom ? 0 : random.nextBoolean() ? Math.scalb(1.0, -random.nextInt(300)) : 0.001;
            customBounds = new double[custom ? 1 + random.nextInt(10) : 0];
            for (int i = 0; i < customBounds.length; i++) {
                customBounds[i] = random.nextBoolean() ? i + 0.25 : i + random.nextDouble() / 2;
            }
        }

        void move() {
            if (random.nextInt(60) == 0) {
                change();
            }
            if (random.nextInt(40) == 0) {
                positive.clear();
                negative.clear();
                zeroCount = 0;
            }
            boolean custom = schema == Histogram.CUSTOM_BUCKETS;
            for (int i = random.nextInt(6); i > 0; i--) {
                double by = isFloat ? random.nextInt(5) / 4.0 : random.nextInt(random.nextInt(30) == 0 ? 1 << 20 : 4);
                int bucket = custom ? random.nextInt(customBounds.length + 1) : random.nextInt(24) - 12;
                if (!custom && random.nextInt(3) == 0) {
                    negative.merge(bucket, by, Double::sum);
                } else {
                    positive.merge(bucket, by, Double::sum);
                }
            }
            if (hint == ResetHint.GAUGE && !positive.isEmpty() && random.nextInt(5) == 0) {
                positive.remove(positive.firstKey());
            }
            zeroCount += custom ? 0 : random.nextInt(2);
            sum = random.nextInt(15) == 0 ? Math.abs(random.nextGaussian()) : random.nextInt(100);
            sum = random.nextInt(50) == 0 ? Double.NaN : sum;
        }

        Histogram histogram() {
            double count = zeroCount;
            for (double bucket : positive.values()) {
                count += bucket;
            }
            for (double bucket : negative.values()) {
                count += bucket;
            }
            double[] positives = values(positive);
            double[] negatives = values(negative);
            ResetHint said = hint == ResetHint.GAUGE || random.nextInt(50) > 0 ? hint : ResetHint.RESET;
            return isFloat
                    ? Histogram.ofFloats(
                            said,
                            schema,
                            zeroThreshold,
                            zeroCount,
                            count,
                            sum,
                            spans(positive),
                            positives,
                            spans(negative),
                            negatives,
                            customBounds)
                    : Histogram.ofIntegers(
                            said,
                            schema,
                            zeroThreshold,
                            (long) zeroCount,
                            (long) count,
                            sum,
                            spans(positive),
                            integers(positives),
                            spans(negative),
                            integers(negatives),
                            customBounds);
        }

        /** Told one way or another: adjacent spans may be one or two. */
        private int[] spans(Map<Integer, Double> buckets) {
            int[] spans = new int[2 * buckets.size()];
            int n = 0;
            int next = 0;
            for (int bucket : buckets.keySet()) {
                if (n == 0 || bucket > next || random.nextInt(20) == 0) {
                    spans[n] = bucket - next;
                    n += 2;
                }
                spans[n - 1]++;
                next = bucket + 1;
            }
            return Arrays.copyOf(spans, n);
        }

        private double[] values(Map<Integer, Double> buckets) {
            return buckets.values().stream().mapToDouble(Double::doubleValue).toArray();
        }

        private long[] integers(double[] values) {
            long[] integers = new long[values.length];
            for (int i = 0; i < values.length; i++) {
                integers[i] = (long) values[i];
            }
            return integers;
        }
    }
}
