package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.tsdb.wal.Wal;
import org.narthex.tsdb.wal.WalCompression;

/** The head's older part becomes blocks, and nothing changes for anyone who asks. */
class HeadCutTest {
    /** On the edge of a two-hour range. */
    private static final long START = 1_700_006_400_000L;

    private static final long HOUR = 3_600_000;
    private static final long STEP = 30_000;

    @TempDir
    Path folder;

    private Settings settings(long retentionMs) {
        Settings base = Settings.of(folder);
        return new Settings(
                folder, true, retentionMs, base.blockRangeMs(), 120, 4 * Wal.PAGE, WalCompression.SNAPPY, 0);
    }

    /** Blocks so long that none is cut. */
    private Settings uncut() {
        Settings base = Settings.of(folder.resolve("reference"));
        return new Settings(base.folder(), true, 0, 1000 * HOUR, 120, base.segmentBytes(), WalCompression.SNAPPY, 0);
    }

    @Test
    void keepsEveryAnswerWhileBlocksAreCutAndAfterARestart() throws Exception {
        Map<String, List<String>> before;
        try (Database database = DatabaseTest.openReady(settings(0));
                Database reference = DatabaseTest.openReady(uncut())) {
            feed(database, reference, START, 12 * HOUR);
            before = Fixture.dump(reference);
            assertThat(database.blocks().list()).hasSize(5);
            assertThat(Fixture.dump(database)).isEqualTo(before);
            assertThat(database.headStats().minTimeMs()).isEqualTo(START + 10 * HOUR);
            assertThat(Wal.newestCheckpoint(folder.resolve("wal"))).isPresent();
        }
        try (Database database = DatabaseTest.openReady(settings(0))) {
            assertThat(Fixture.dump(database)).isEqualTo(before);
            assertThat(database.blocks().list()).hasSize(5);
            assertThat(database.stats().corruptions()).isZero();
        }
    }

    @Test
    void forgetsSeriesThatEndedAndGivesTheirMemoryBack() throws Exception {
        try (Database database = DatabaseTest.openReady(settings(0))) {
            feed(database, null, START, 12 * HOUR);
            database.upkeep();
            // Series come and go every two hours: 20 at a time, 10 of them for good.
            assertThat(database.headStats().series()).isEqualTo(20);
            assertThat(database.headStats().seriesRemoved()).isEqualTo(50);
            SampleBatch batch = new SampleBatch();
            batch.add(Labels.of("__name__", "churn", "generation", "0", "i", "3"), START + 12 * HOUR, 1);
            database.append(batch);
            assertThat(batch.result(0)).isEqualTo(AppendResult.OK);
        }
    }

    @Test
    void leavesAnOpenViewItsSamples() throws Exception {
        try (Database database = DatabaseTest.openReady(settings(0))) {
            feedWithoutUpkeep(database, START, 4 * HOUR);
            try (Querier querier = database.querier(START, START + 4 * HOUR)) {
                database.upkeep();
                database.upkeep();
                assertThat(database.blocks().list()).hasSize(1);
                feedWithoutUpkeep(database, START + 4 * HOUR, HOUR);
                SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "steady")));
                SampleBuffer buffer = new SampleBuffer();
                for (int i = 0; i < set.size(); i++) {
                    set.read(i, START, START + 4 * HOUR, buffer);
                    assertThat(buffer.size()).isEqualTo((int) (4 * HOUR / STEP));
                }
                assertThat(set.size()).isEqualTo(10);
            }
        }
    }

    @Test
    void refusesWhatBelongsToABlock() throws Exception {
        try (Database database = DatabaseTest.openReady(settings(0))) {
            feed(database, null, START, 4 * HOUR);
            SampleBatch batch = new SampleBatch();
            batch.add(Labels.of("__name__", "late"), START + 2 * HOUR - 1, 1);
            database.append(batch);
            assertThat(batch.result(0)).isEqualTo(AppendResult.OUT_OF_BOUNDS);
        }
    }

    @Test
    void deletesInHeadAndBlocksForGood() throws Exception {
        Map<String, List<String>> before;
        try (Database database = DatabaseTest.openReady(settings(0))) {
            feed(database, null, START, 5 * HOUR);
            database.delete(
                    List.of(Matcher.equal("i", "3"), Matcher.equal("__name__", "steady")),
                    START + HOUR,
                    START + 3 * HOUR);
            before = Fixture.dump(database);
            assertThat(before.get("{__name__=\"steady\", i=\"3\"}")).hasSize((int) (3 * HOUR / STEP) - 1);
        }
        try (Database database = DatabaseTest.openReady(settings(0))) {
            assertThat(Fixture.dump(database)).isEqualTo(before);
            feed(database, null, START + 5 * HOUR, HOUR);
            assertThat(database.blocks().list()).hasSize(2);
            // The deleted stretch went into the second block without its samples.
            assertThat(Fixture.dump(database).get("{__name__=\"steady\", i=\"3\"}"))
                    .hasSize((int) (4 * HOUR / STEP) - 1);
        }
    }

    @Test
    void deletesBlocksBeyondTheRetentionTime() throws Exception {
        try (Database database = DatabaseTest.openReady(settings(4 * HOUR))) {
            feed(database, null, START, 12 * HOUR);
            assertThat(database.blocks().list()).hasSize(2);
            assertThat(database.stats().minTimeMs()).isEqualTo(START + 6 * HOUR);
        }
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().length() == 26))
                    .hasSize(2);
        }
    }

    @Test
    void jumpsOverGapsWithoutEmptyBlocks() throws Exception {
        try (Database database = DatabaseTest.openReady(settings(0))) {
            feed(database, null, START, HOUR);
            feed(database, null, START + 1000 * HOUR, HOUR);
            assertThat(database.blocks().list()).hasSize(1);
            assertThat(database.headStats().minTimeMs()).isEqualTo(START + 1000 * HOUR);
        }
    }

    private static void feed(Database database, Database also, long from, long duration) throws IOException {
        for (long t = from; t < from + duration; t += HOUR) {
            feedWithoutUpkeep(database, t, HOUR);
            if (also != null) {
                feedWithoutUpkeep(also, t, HOUR);
            }
            database.upkeep();
        }
    }

    private static void feedWithoutUpkeep(Database database, long from, long duration) throws IOException {
        SampleBatch batch = new SampleBatch();
        for (long t = from; t < from + duration; t += STEP) {
            batch.clear();
            for (int i = 0; i < 10; i++) {
                String number = Integer.toString(i);
                batch.add(Labels.of("__name__", "steady", "i", number), t, i * Math.sin((double) t));
                String generation = Long.toString((t - START) / (2 * HOUR));
                batch.add(Labels.of("__name__", "churn", "generation", generation, "i", number), t, i);
            }
            database.append(batch);
            assertThat(batch.count(AppendResult.OK)).isEqualTo(20);
        }
    }
}
