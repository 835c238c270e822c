package org.narthex.tsdb.wal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.MetricType;

/** Makes entries of all types from a seed, and the records they become. */
final class RandomRecords {
    private final Random random;
    private final WalEncoder encoder = new WalEncoder();

    RandomRecords(long seed) {
        random = new Random(seed);
    }

    /** Adds what a decoder should give to the list. */
    byte[] record(int type, int entries, List<Object> into) {
        encoder.start(type);
        long ref = random.nextInt(1000);
        long start = time();
        for (int i = 0; i < entries; i++) {
            ref = Math.max(0, ref + random.nextInt(20) - 5) + (random.nextInt(50) == 0 ? 1L << 40 : 0);
            long t = time();
            boolean hasStart = type >= WalRecord.SAMPLES_V2;
            start = random.nextInt(3) == 0 ? time() : start;
            long startMs = !hasStart || random.nextInt(3) == 0 ? 0 : start;
            switch (type) {
                case WalRecord.SERIES -> {
                    Labels labels = labels();
                    encoder.series(ref, labels);
                    into.add(new RecordLog.Series(ref, labels));
                }
                case WalRecord.SAMPLES, WalRecord.SAMPLES_V2 -> {
                    long bits = random.nextLong();
                    encoder.sample(ref, t, startMs, bits);
                    into.add(new RecordLog.Sample(ref, t, startMs, bits));
                }
                case WalRecord.TOMBSTONES -> {
                    encoder.tombstone(ref, t, t + 5);
                    into.add(new RecordLog.Tombstone(ref, t, t + 5));
                }
                case WalRecord.EXEMPLARS -> {
                    Exemplar exemplar = new Exemplar(labels(), random.nextDouble(), t);
                    encoder.exemplar(ref, exemplar);
                    into.add(new RecordLog.ExemplarOf(ref, exemplar));
                }
                case WalRecord.MMAP_MARKERS -> {
                    encoder.mmapMarker(ref, t);
                    into.add(new RecordLog.Marker(ref, t));
                }
                case WalRecord.METADATA -> {
                    Metadata metadata =
                            new Metadata(List.of(MetricType.values()).get(random.nextInt(8)), text(), text());
                    encoder.metadata(ref, metadata);
                    into.add(new RecordLog.MetadataOf(ref, metadata));
                }
                default -> {
                    boolean custom = type == WalRecord.CUSTOM_HISTOGRAMS
                            || type == WalRecord.CUSTOM_FLOAT_HISTOGRAMS
                            || (hasStart && random.nextBoolean());
                    Histogram histogram = histogram(WalRecord.isFloatHistograms(type), custom);
                    encoder.histogram(ref, t, startMs, histogram);
                    into.add(new RecordLog.HistogramSample(ref, t, startMs, histogram));
                }
            }
        }
        return Arrays.copyOf(encoder.bytes(), encoder.size());
    }

    private long time() {
        return random.nextInt(10) == 0 ? random.nextLong() >> 2 : 1_700_000_000_000L + random.nextInt(100_000);
    }

    private String text() {
        return random.nextInt(6) == 0 ? "" : random.nextInt(6) == 0 ? "ä€😀" : "text" + random.nextInt(50);
    }

    private Labels labels() {
        Labels.Builder labels = Labels.builder();
        for (int i = random.nextInt(6); i > 0; i--) {
            labels.set("name" + random.nextInt(9), text());
        }
        return labels.build();
    }

    private Histogram histogram(boolean isFloat, boolean custom) {
        if (random.nextInt(8) == 0) {
            return Histogram.stale(isFloat);
        }
        Histogram.ResetHint hint = List.of(Histogram.ResetHint.values()).get(random.nextInt(4));
        int schema = custom ? Histogram.CUSTOM_BUCKETS : random.nextInt(13) - 4;
        int[] positiveSpans = spans();
        int[] negativeSpans = custom ? new int[0] : spans();
        long[] positive = counts(positiveSpans);
        long[] negative = counts(negativeSpans);
        double[] bounds = custom ? new double[] {-1, 0.5, random.nextDouble() + 1} : new double[0];
        double sum = random.nextGaussian();
        if (isFloat) {
            return Histogram.ofFloats(
                    hint,
                    schema,
                    random.nextDouble(),
                    random.nextDouble(),
                    random.nextDouble(),
                    sum,
                    positiveSpans,
                    Arrays.stream(positive).mapToDouble(x -> x / 3.0).toArray(),
                    negativeSpans,
                    Arrays.stream(negative).mapToDouble(x -> x / 3.0).toArray(),
                    bounds);
        }
        return Histogram.ofIntegers(
                hint,
                schema,
                random.nextDouble(),
                random.nextInt(9),
                random.nextLong(),
                sum,
                positiveSpans,
                positive,
                negativeSpans,
                negative,
                bounds);
    }

    private int[] spans() {
        int[] spans = new int[2 * random.nextInt(4)];
        for (int i = 0; i < spans.length; i += 2) {
            spans[i] = random.nextInt(30) - (i == 0 ? 15 : 0);
            spans[i + 1] = random.nextInt(5);
        }
        return spans;
    }

    private long[] counts(int[] spans) {
        List<Long> counts = new ArrayList<>();
        for (int i = 1; i < spans.length; i += 2) {
            for (int j = 0; j < spans[i]; j++) {
                counts.add((long) random.nextInt(1000));
            }
        }
        return counts.stream().mapToLong(x -> x).toArray();
    }
}
