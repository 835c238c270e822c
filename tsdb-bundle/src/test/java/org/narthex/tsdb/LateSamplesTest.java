package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.tsdb.wal.Wal;

/** Samples that come late keep their answers in memory, in chunk files, in the log, and in blocks. */
class LateSamplesTest {
    private static final long SEED = 20261128;
    /** A multiple of the block range. */
    private static final long T0 = 1_700_006_400_000L;

    private static final long HOUR = 3_600_000;
    private static final int SERIES = 5;

    @TempDir
    Path folder;

    /** Per series the samples that must be there. */
    private final Map<Labels, TreeMap<Long, Double>> expected = new TreeMap<>();

    private final Random random = new Random(SEED);

    private Database open() throws Exception {
        Database database = DatabaseTest.openReady(Settings.of(folder));
        database.configure(new StorageConfig(2 * HOUR, 0, Optional.empty(), Optional.empty(), List.of(), 0));
        return database;
    }

    private static Labels series(int i) {
        return Labels.of("__name__", "m", "s", Integer.toString(i));
    }

    /** Appends samples of an hour in steps of 15 s, each batch with some up to an hour late. */
    private void feed(Database database, long from) throws IOException {
        for (long t = from; t < from + HOUR; t += 15_000) {
            SampleBatch batch = new SampleBatch();
            for (int i = 0; i < SERIES; i++) {
                batch.add(series(i), t, random.nextInt(1000));
                if (random.nextInt(3) == 0) {
                    // Never a multiple of 15 s, so that it meets no sample in order.
                    batch.add(series(i), t - random.nextInt(240) * 15_000L - 1 - random.nextInt(14_000), 0.5);
                }
            }
            database.append(batch);
            for (int i = 0; i < batch.size(); i++) {
                if (batch.result(i) == AppendResult.OK) {
                    expected.computeIfAbsent(batch.labels(i), labels -> new TreeMap<>())
                            .putIfAbsent(batch.timestampMs(i), batch.value(i));
                }
            }
        }
    }

    /** Says what is missing and what is too much, and not all that is there. */
    private void expectAll(Database database, String when) throws IOException {
        Map<String, List<String>> found = Fixture.dump(database);
        Map<String, List<String>> wanted = expectedDump();
        assertThat(found.keySet()).as("%s, seed %d", when, SEED).isEqualTo(wanted.keySet());
        wanted.forEach((series, samples) -> {
            List<String> missing = new ArrayList<>(samples);
            missing.removeAll(found.get(series));
            List<String> tooMuch = new ArrayList<>(found.get(series));
            tooMuch.removeAll(samples);
            assertThat(missing)
                    .as("missing of %s, %s, seed %d", series, when, SEED)
                    .isEmpty();
            assertThat(tooMuch)
                    .as("too much of %s, %s, seed %d", series, when, SEED)
                    .isEmpty();
            assertThat(found.get(series))
                    .as("each once, %s, seed %d", when, SEED)
                    .hasSameSizeAs(samples);
        });
    }

    private Map<String, List<String>> expectedDump() {
        Map<String, List<String>> dump = new TreeMap<>();
        expected.forEach((labels, samples) -> {
            List<String> lines = new ArrayList<>();
            samples.forEach((t, v) -> lines.add(Fixture.sample(t, v)));
            lines.sort(null);
            dump.put(Fixture.text(labels), lines);
        });
        return dump;
    }

    @Test
    void keepTheirAnswersWhereverTheyLie() throws Exception {
        try (Database database = open()) {
            feed(database, T0);
            database.moveChunks();
            feed(database, T0 + HOUR);
            assertThat(database.headStats().late()).isGreaterThan(SERIES * 2 * 32L);
            expectAll(database, "in memory");
        }
        try (Database database = open()) {
            expectAll(database, "after a restart");
            feed(database, T0 + 2 * HOUR);
            feed(database, T0 + 3 * HOUR);
            database.upkeep();
            assertThat(database.blocks().list()).hasSizeGreaterThan(1);
            assertThat(database.blocks().list().stream()
                            .flatMap(block -> block.meta().hints().stream())
                            .toList())
                    .contains("from-out-of-order");
            expectAll(database, "in blocks");
            // Twice, since the first round only hides what the second one gives back.
            database.upkeep();
            database.upkeep();
            feed(database, T0 + 4 * HOUR);
            expectAll(database, "after blocks");
        }
        try (Database database = open()) {
            expectAll(database, "after the last restart");
            assertThat(database.stats().corruptions()).isZero();
        }
    }

    @Test
    void beginTheirLogAnewOnceTheyAreInBlocks() throws Exception {
        try (Database database = open()) {
            feed(database, T0);
            assertThat(Wal.segments(folder.resolve("wbl"))).hasSize(1);
            int first = Wal.segments(folder.resolve("wbl")).get(0).index();
            feed(database, T0 + HOUR);
            feed(database, T0 + 2 * HOUR);
            feed(database, T0 + 3 * HOUR);
            database.upkeep();
            List<Wal.Segment> segments = Wal.segments(folder.resolve("wbl"));
            assertThat(segments).hasSize(1);
            assertThat(segments.get(0).index()).isGreaterThan(first);
        }
    }

    @Test
    void makeNoLogWhereThereAreNone() throws Exception {
        try (Database database = open()) {
            SampleBatch batch = new SampleBatch();
            batch.add(series(0), T0, 1);
            database.append(batch);
        }
        assertThat(Files.exists(folder.resolve("wbl"))).isFalse();
    }
}
