package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.narthex.api.config.StorageConfig;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.ExemplarSeries;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.tsdb.block.BlockWriter;
import org.narthex.tsdb.wal.Wal;

/**
 * Batches, each the same whenever it is made, that bring a database into every state: floats, histograms, late samples, exemplars, series that come
 * and go, deletions; beside them it cuts blocks, compacts and drops them. What the database acknowledges is told line by line, so that a process
 * that is killed has said what it may not lose.
 */
final class CrashWorkload {
    static final long START = 1_700_006_400_000L;
    static final long STEP_MS = 5000;
    static final long BLOCK_MS = 120_000;
    /** Far enough for one compaction to three ranges to happen before its block is dropped. */
    static final long RETENTION_MS = 600_000;

    private static final long WINDOW_MS = 300_000;
    private static final int LATE_BY = 10;
    private static final Matcher DELETABLE = Matcher.equal("deletable", "yes");
    private static final Matcher FLOAT0 = Matcher.equal("__name__", "float0");

    private CrashWorkload() {}

    /** In a process of its own: the folder, the first batch, how many. */
    public static void main(String[] args) throws Exception {
        try (Database database = open(Path.of(args[0]))) {
            run(database, Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]), line -> {
                System.out.println(line);
                System.out.flush();
            });
        }
    }

    static Database open(Path folder) throws Exception {
        Settings settings = TestSettings.of(folder, RETENTION_MS, BLOCK_MS, Wal.PAGE);
        Database database = DatabaseTest.openReady(
                settings,
                new BlockSettings(
                        new StorageConfig.Retention(RETENTION_MS, 0, 0),
                        OptionalLong.of(3 * BLOCK_MS),
                        true,
                        BlockWriter.DEFAULT_SEGMENT_BYTES,
                        Path.of(""),
                        60_000,
                        false));
        database.configure(new StorageConfig(WINDOW_MS, 0, Optional.empty(), Optional.empty(), List.of(), 1000));
        return database;
    }

    static long timeMs(int batch) {
        return START + batch * STEP_MS;
    }

    static void run(Database database, Path folder, int first, int count, Consumer<String> told) throws IOException {
        for (int b = first; b < first + count; b++) {
            told.accept("B " + b);
            try {
                database.append(batch(b));
                told.accept("ok " + lastSegment(folder, "wal") + " " + lastSegment(folder, "wbl"));
            } catch (IOException e) {
                assertThat(database.faults().toString()).contains("paused: " + e.getMessage());
                told.accept("refused " + e.getMessage());
            }
            if (b % 5 == 4) {
                database.sync();
            }
            if (b % 10 == 9) {
                database.moveChunks();
            }
            if (b % 8 == 7) {
                database.upkeep();
                database.compaction().tick();
            }
            if (b % 30 == 29) {
                told.accept("D " + timeMs(b - 26) + " " + timeMs(b - 24));
                try {
                    database.delete(List.of(DELETABLE), timeMs(b - 26), timeMs(b - 24));
                    told.accept("ok " + lastSegment(folder, "wal") + " -1");
                } catch (IOException e) {
                    told.accept("unknown " + e.getMessage());
                }
            }
        }
    }

    private static int lastSegment(Path folder, String log) throws IOException {
        List<Wal.Segment> segments = Wal.segments(folder.resolve(log));
        return segments.isEmpty() ? -1 : segments.get(segments.size() - 1).index();
    }

    static SampleBatch batch(int number) {
        SampleBatch batch = new SampleBatch();
        long t = timeMs(number);
        samples(number)
                .forEach((series, times) -> times.forEach((at, value) -> {
                    Labels labels = labels(series);
                    if (series.equals("histogram")) {
                        batch.add(labels, SampleBatch.NO_REF, at, histogram(value));
                    } else {
                        batch.add(labels, at, (double) value);
                    }
                }));
        if (hasExemplar(number)) {
            batch.addExemplar(labels("float0"), new Exemplar(Labels.of("trace", "t" + number), number, t));
        }
        return batch;
    }

    static boolean hasExemplar(int batch) {
        return batch % 5 == 0;
    }

    /** The times of the exemplars there are, all checked to be those of their batch. */
    static Set<Long> exemplarTimes(Database database) throws IOException {
        Set<Long> times = new HashSet<>();
        for (ExemplarSeries series : database.exemplars(List.of(List.of(FLOAT0)), Long.MIN_VALUE, Long.MAX_VALUE)) {
            for (Exemplar exemplar : series.exemplars()) {
                assertThat(timeMs((int) exemplar.value())).isEqualTo(exemplar.timestampMs());
                times.add(exemplar.timestampMs());
            }
        }
        return times;
    }

    /** The values of a batch's samples, by series and time. */
    static Map<String, Map<Long, Double>> samples(int number) {
        Map<String, Map<Long, Double>> samples = new TreeMap<>();
        long t = timeMs(number);
        List<String> series = new ArrayList<>(List.of("float0", "float1", "float2", "histogram", "late"));
        series.add("short" + number / 20);
        for (String name : series) {
            samples.computeIfAbsent(name, key -> new TreeMap<>()).put(t, value(name, t));
        }
        if (number > LATE_BY) {
            for (long behind : new long[] {1000, 2500}) {
                long late = t - LATE_BY * STEP_MS + behind;
                samples.get("late").put(late, value("late", late));
            }
        }
        return samples;
    }

    private static double value(String series, long t) {
        return series.charAt(series.length() - 1) * 1000.0 + Math.floorDiv(t - START, 500);
    }

    private static Labels labels(String series) {
        boolean isDeletable = series.equals("float1") || series.equals("late");
        return Labels.of("__name__", series, "deletable", isDeletable ? "yes" : "no");
    }

    static boolean isDeletable(String series) {
        return series.equals("float1") || series.equals("late");
    }

    private static Histogram histogram(double value) {
        long count = (long) value;
        return Histogram.ofIntegers(
                Histogram.ResetHint.UNKNOWN,
                1,
                0.001,
                0,
                count + 2,
                value,
                new int[] {0, 2},
                new long[] {count, 2},
                new int[0],
                new long[0],
                new double[0]);
    }

    /** What a database has, by series and time; of a histogram its sum. Fails if a sample is there twice. */
    static Map<String, Map<Long, Double>> read(Database database, long fromMs, long toMs) throws IOException {
        Map<String, Map<Long, Double>> found = new TreeMap<>();
        try (Querier querier = database.querier(fromMs, toMs)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("no such label", "")));
            SampleBuffer buffer = new SampleBuffer();
            for (int i = 0; i < set.size(); i++) {
                Map<Long, Double> samples =
                        found.computeIfAbsent(set.labels(i).get("__name__"), key -> new TreeMap<>());
                set.read(i, fromMs, toMs, buffer);
                for (int j = 0; j < buffer.size(); j++) {
                    Histogram histogram = buffer.histogram(j);
                    double value = histogram == null ? buffer.values()[j] : histogram.sum();
                    assertThat(samples.put(buffer.timestampsMs()[j], value))
                            .as("twice: %s", set.labels(i))
                            .isNull();
                }
            }
        }
        return found;
    }
}
