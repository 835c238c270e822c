package org.narthex.itests;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Series as real ones are: with gaps, staleness markers, resets, NaN, infinities, native histograms. No sample is at a whole second.
 *
 * <p>Counters are such that a rate is never extrapolated to zero across a gap, where versions of Prometheus differ: {@code big_total} is far
 * from zero after resets too, the others have no gaps and an even interval.
 */
final class IrregularData {
    static final List<String> COUNTERS = List.of("big_total", "small_total", "lat_bucket");
    static final List<String> FLOATS =
            List.of("level", "level", "odd", "sparse", "build_info", "big_total", "small_total", "lat_bucket");
    static final List<String> MATCHERS = List.of(
            "job=\"a\"",
            "job!=\"a\"",
            "job=~\"a|b\"",
            "job=~\"b.*\"",
            "instance=~\"[12]\"",
            "instance!~\"3.*\"",
            "instance=\"1\"",
            "zone=\"\"",
            "zone!=\"\"",
            "zone=~\"ü|x\"",
            "none=\"\"",
            "none=\"nothing\"",
            "path=~\"/.*\"",
            "le!=\"+Inf\"",
            "job=~\".+\"");

    private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);
    private static final int INTERVAL_MS = 15_000;

    private final SplittableRandom random;
    private final long fromMs;
    private final long toMs;
    private final TreeMap<TreeMap<String, String>, Object> series =
            new TreeMap<>(Comparator.comparing(labels -> labels.toString()));

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Floats(long[] timesMs, double[] values) {}

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Histograms(long[] timesMs, List<RemoteWriteBody.Histogram> values) {}

    IrregularData(SplittableRandom random, long fromMs, long toMs) {
        this.random = random;
        this.fromMs = fromMs;
        this.toMs = toMs;
        for (String job : List.of("a", "b")) {
            for (String instance : List.of("1", "2", "3")) {
                gauges(job, instance);
                counters(job, instance);
                buckets(job, instance);
                versions(job, instance);
                histograms(job, instance);
            }
        }
    }

    /** All of it as one request, in the order of labels, so that series are stored in that order. */
    RemoteWriteBody body() {
        RemoteWriteBody body = new RemoteWriteBody();
        series.forEach((labels, samples) -> {
            if (samples instanceof Floats floats) {
                body.series(labels, floats.timesMs, floats.values);
            } else if (samples instanceof Histograms histograms) {
                body.histograms(labels, histograms.timesMs, histograms.values);
            }
        });
        return body;
    }

    private void gauges(String job, String instance) {
        List<String> zones = instance.equals("3") ? List.of("") : List.of("x", "ü");
        for (String zone : zones) {
            Samples level = new Samples(5, 3_000);
            double value = random.nextInt(-200, 200) / 8.0;
            while (level.next()) {
                value += random.nextInt(-16, 17) / 8.0;
                level.add(chance(1) ? Double.NaN : chance(3) ? value * 16 : value);
            }
            level.store("level", job, instance, "zone", zone);
        }
        Samples odd = new Samples(10, 7_000);
        double[] values = {0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.125, 3e10, -0.0};
        while (odd.next()) {
            odd.add(values[Math.min(random.nextInt(values.length), random.nextInt(values.length))]);
        }
        odd.store("odd", job, instance);
        Samples sparse = new Samples(0, 0);
        while (sparse.next()) {
            if (chance(4)) {
                sparse.add(random.nextInt(50));
            }
        }
        sparse.store("sparse", job, instance);
    }

    private void counters(String job, String instance) {
        Samples big = new Samples(6, 4_000);
        double value = 1_000 + random.nextInt(100);
        while (big.next()) {
            value += random.nextInt(0, 50);
            if (value > 1_600 && chance(20)) {
                value = Math.floor(value * 0.4);
            }
            big.add(value);
        }
        big.store("big_total", job, instance, "path", "/" + instance);
        Samples small = new Samples(0, 0);
        double count = 0;
        while (small.next()) {
            small.add(count);
            count = chance(2) ? 0 : count + random.nextInt(0, 5);
        }
        small.store("small_total", job, instance);
    }

    private void buckets(String job, String instance) {
        List<String> bounds = List.of("0.1", "0.5", "1", "5", "+Inf");
        Samples[] buckets = new Samples[bounds.size()];
        int offset = random.nextInt(INTERVAL_MS);
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new Samples(0, 0);
            buckets[i].timeMs = fromMs + offset;
        }
        double[] counts = new double[buckets.length];
        boolean broken = job.equals("b") && instance.equals("3");
        while (buckets[0].next()) {
            boolean reset = chance(1);
            for (int i = 0; i < buckets.length; i++) {
                buckets[i].timeMs = buckets[0].timeMs;
                counts[i] = reset ? 0 : counts[i];
            }
            for (int i = 0; i < buckets.length; i++) {
                buckets[i].add(broken && i == 2 ? Math.floor(counts[i] / 2) : counts[i]);
            }
            for (int n = random.nextInt(6); n > 0; n--) {
                for (int i = random.nextInt(buckets.length); i < buckets.length; i++) {
                    counts[i]++;
                }
            }
        }
        for (int i = 0; i < buckets.length; i++) {
            if (!broken || i < buckets.length - 1 || random.nextBoolean()) {
                buckets[i].store("lat_bucket", job, instance, "le", bounds.get(i));
            }
        }
    }

    private void versions(String job, String instance) {
        Samples before = new Samples(0, 0);
        Samples after = new Samples(0, 0);
        long changeMs = fromMs + random.nextLong((toMs - fromMs) / 2);
        while (before.next() && before.timeMs < changeMs) {
            before.add(1);
        }
        if (random.nextBoolean()) {
            before.add(STALE);
        }
        after.timeMs = before.timeMs + 1;
        while (after.next()) {
            after.add(1);
        }
        before.store("build_info", job, instance, "version", "1.0");
        after.store("build_info", job, instance, "version", "1.1");
    }

    private void histograms(String job, String instance) {
        List<Long> times = new ArrayList<>();
        List<RemoteWriteBody.Histogram> values = new ArrayList<>();
        Samples clock = new Samples(0, 0);
        long[] buckets = {500, 700, 300, 0, 40};
        while (clock.next()) {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] += random.nextInt(0, 4);
            }
            if (chance(2) && buckets[0] > 600) {
                for (int i = 0; i < buckets.length; i++) {
                    buckets[i] = buckets[i] * 2 / 5;
                }
            }
            long count = 0;
            for (long bucket : buckets) {
                count += bucket;
            }
            times.add(clock.timeMs);
            values.add(new RemoteWriteBody.Histogram(count * 1.5, 1, 0.001, 0, -1, buckets.clone()));
        }
        TreeMap<String, String> labels = new TreeMap<>(Map.of("__name__", "native", "job", job, "instance", instance));
        series.put(
                labels, new Histograms(times.stream().mapToLong(Long::longValue).toArray(), values));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** The samples of one series while they are made. */
    private final class Samples {
        private final int gapPercent;
        private final int jitterMs;
        private final List<Long> times = new ArrayList<>();
        private final List<Double> values = new ArrayList<>();
        private long timeMs = fromMs + random.nextInt(INTERVAL_MS);

        /** @param jitterMs how much later than due a sample may be */
        Samples(int gapPercent, int jitterMs) {
            this.gapPercent = gapPercent;
            this.jitterMs = jitterMs;
        }

        /** Goes to the time of the next sample, if there is one. */
        boolean next() {
            timeMs += INTERVAL_MS;
            if (gapPercent > 0 && chance(gapPercent)) {
                if (chance(40)) {
                    add(STALE);
                }
                timeMs += (long) INTERVAL_MS * random.nextInt(1, chance(20) ? 40 : 6);
            }
            return timeMs < toMs;
        }

        void add(double value) {
            long at = timeMs + (jitterMs == 0 ? 0 : random.nextInt(jitterMs));
            // Whole seconds are for evaluation times.
            times.add(at % 1000 == 0 ? at + 1 : at);
            values.add(value);
        }

        void store(String metric, String job, String instance, String... more) {
            TreeMap<String, String> labels =
                    new TreeMap<>(Map.of("__name__", metric, "job", job, "instance", instance));
            for (int i = 0; i < more.length; i += 2) {
                if (!more[i + 1].isEmpty()) {
                    labels.put(more[i], more[i + 1]);
                }
            }
            series.put(
                    labels,
                    new Floats(
                            times.stream().mapToLong(Long::longValue).toArray(),
                            values.stream().mapToDouble(Double::doubleValue).toArray()));
        }
    }
}
