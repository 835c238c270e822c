package org.narthex.tsdb;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.narthex.api.config.StorageConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBatch;
import org.narthex.tsdb.block.BlockWriter;

import com.sun.management.OperatingSystemMXBean;

/**
 * How the cost of storage grows with series, samples and churn; a program, not a test. Appends batches of 5,000 samples, a step of 15 s after the
 * other, replaces a share of the series every 10 minutes of samples, and prints one row of a table.
 *
 * <pre>
 * java … org.narthex.tsdb.StorageGrowth SERIES HOURS CHURN_PERCENT FOLDER
 * </pre>
 */
final class StorageGrowth {
    private static final int BATCH = 5000;
    private static final long STEP_MS = 15_000;
    private static final int STEPS_PER_CHURN = 40;
    private static final long COLD_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final int series;
    private final int steps;
    private final int churnPercent;
    private final Path folder;
    private final long[] refs;
    private final int[] generation;
    private final double[] values;
    private final Random random = new Random(1);
    private final long began = System.nanoTime();
    private long longestCold;
    private long longestNanos;
    private long samples;

    private StorageGrowth(int series, double hours, int churnPercent, Path folder) {
        this.series = series;
        this.steps = (int) (hours * 3_600_000 / STEP_MS);
        this.churnPercent = churnPercent;
        this.folder = folder;
        refs = new long[series];
        generation = new int[series];
        values = new double[series];
    }

    public static void main(String[] args) throws Exception {
        new StorageGrowth(
                        Integer.parseInt(args[0]),
                        Double.parseDouble(args[1]),
                        Integer.parseInt(args[2]),
                        Path.of(args[3]))
                .run();
    }

    /** With blocks that grow as they do in the distribution. */
    private Database open() throws Exception {
        Settings settings = Settings.of(folder);
        return DatabaseTest.openReady(
                settings,
                new BlockSettings(
                        new StorageConfig.Retention(settings.retentionMs(), 0, 0),
                        OptionalLong.empty(),
                        true,
                        BlockWriter.DEFAULT_SEGMENT_BYTES,
                        Path.of(""),
                        60_000,
                        false));
    }

    private Labels labels(int i) {
        return Labels.of(
                "__name__", "metric_" + i % 60,
                "instance", "host-" + i / 100 + ":9100",
                "job", i / 100 % 4 == 0 ? "api" : "node",
                "number", Integer.toString(i % 100),
                "pod", "p" + generation[i]);
    }

    private void run() throws Exception {
        long end = System.currentTimeMillis() / 60_000 * 60_000;
        long cpu;
        long resident;
        long inHead;
        try (Database database = open()) {
            long before = cpuNanos();
            for (int step = 0; step < steps; step++) {
                if (churnPercent > 0 && step > 0 && step % STEPS_PER_CHURN == 0) {
                    replaceSome();
                }
                append(database, end - (steps - step) * STEP_MS);
            }
            cpu = cpuNanos() - before;
            resident = residentBytes();
            inHead = database.headStats().series();
        }
        long disk = size(folder);
        long restart = System.nanoTime();
        open().close();
        System.out.printf(
                Locale.ROOT,
                "| %,d | %,d | %d %% | %,d | %.2f | %.0f | %.0f | %.0f | %.2f | %.1f |%n",
                series,
                samples,
                churnPercent,
                inHead,
                cpu / 1e3 / samples,
                longestCold / 1e6,
                longestNanos / 1e6,
                resident / 1e6,
                (double) disk / samples,
                (System.nanoTime() - restart) / 1e9);
    }

    /** The longest is told apart for the first seconds, when the JVM is cold. */
    private void note(long start, long end) {
        boolean cold = start - began < COLD_NANOS;
        if (cold) {
            longestCold = Math.max(longestCold, end - start);
        } else {
            longestNanos = Math.max(longestNanos, end - start);
        }
        if (end - start > LONG_NANOS) {
            System.err.printf(
                    Locale.ROOT, "an append of %,.0f ms after %.3f s%n", (end - start) / 1e6, (start - began) / 1e9);
        }
    }

    private void replaceSome() {
        for (int i = 0; i < series; i++) {
            if (random.nextInt(100) < churnPercent) {
                generation[i]++;
                refs[i] = SampleBatch.NO_REF;
            }
        }
    }

    private void append(Database database, long timeMs) throws IOException {
        SampleBatch batch = new SampleBatch(BATCH);
        for (int from = 0; from < series; from += BATCH) {
            int to = Math.min(series, from + BATCH);
            batch.clear();
            for (int i = from; i < to; i++) {
                values[i] += random.nextInt(100);
                batch.add(refs[i] == SampleBatch.NO_REF ? labels(i) : null, refs[i], timeMs, values[i]);
            }
            long start = System.nanoTime();
            database.append(batch);
            note(start, System.nanoTime());
            samples += batch.size();
            for (int i = from; i < to; i++) {
                refs[i] = batch.ref(i - from);
            }
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
