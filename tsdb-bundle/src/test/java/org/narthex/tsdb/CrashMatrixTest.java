package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.Ulid;
import org.narthex.tsdb.fault.FailPoint;
import org.narthex.tsdb.wal.Wal;

/**
 * Every place where a crash would hurt, with everything that may happen there: a kill before and halfway, errors of the disk, and damage to the file
 * that belongs to the place. The short form meets each place once; with {@code -Dcrash.matrix=long}, at many more occasions.
 */
@Timeout(300)
class CrashMatrixTest {
    private static final int BATCHES = 200;
    private static final int LATER_BATCHES = 40;
    private static final boolean LONG = System.getProperty("crash.matrix", "").equals("long");
    private static final int KILLED = 137;

    @TempDir
    Path folder;

    @AfterEach
    void disarm() {
        FailPoint.set("");
    }

    /** At which occasion a place is to be reached in the short form: there is something of everything by then. */
    private static int occasion(FailPoint place) {
        return switch (place) {
            case WAL_APPEND -> 150;
            case WAL_FSYNC -> 20;
            case WAL_CUT, BLOCK_RENAME -> 5;
            case LATE_FLUSH -> 7;
            case HEAD_CUT, CHECKPOINT -> 4;
            case META_WRITE, TOMBSTONE_WRITE -> 9;
            case LATE_CUT -> 3;
            case COMPACTION_SWAP -> 1;
            case RETENTION_DELETE -> 2;
        };
    }

    /** Places, and the occasions at which something happens there. */
    static Stream<Place> places() {
        List<Place> all = new ArrayList<>();
        for (FailPoint point : FailPoint.values()) {
            int usual = occasion(point);
            all.add(new Place(point, usual));
            for (int n = 1; LONG && n < usual; n += 1 + usual / 6) {
                all.add(new Place(point, n));
            }
        }
        return all.stream();
    }

    record Place(FailPoint point, int occasion) {
        String text(String action) {
            // What is torn counts halves of the work, and a checkpoint has several beginnings.
            int n = action.equals("torn") && point == FailPoint.CHECKPOINT ? 1 : occasion;
            return point.place() + ":" + action + ":" + n;
        }

        @Override
        public String toString() {
            return point.place() + " #" + occasion;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("places")
    void keepsAllThatWasAcknowledgedWhenKilled(Place place) throws Exception {
        CrashLog log = kill(place.text("kill"));
        Path copy = folder.resolve("copy");
        Fixture.copy(folder.resolve("data"), copy);
        damage(place.point(), copy, log, false);
        goesOn(folder.resolve("data"), log);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("places")
    void keepsAllThatWasAcknowledgedWhenKilledHalfway(Place place) throws Exception {
        CrashLog log = kill(place.text("torn"));
        Path copy = folder.resolve("copy");
        Fixture.copy(folder.resolve("data"), copy);
        damage(place.point(), copy, log, true);
        goesOn(folder.resolve("data"), log);
    }

    private CrashLog kill(String failPoint) throws Exception {
        CrashLog log = new CrashLog();
        assertThat(child(failPoint, 0, BATCHES, log))
                .as("reached %s", failPoint)
                .isEqualTo(KILLED);
        return log;
    }

    /** Returns the exit code. */
    private int child(String failPoint, int first, int count, CrashLog log) throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Dnarthex.tsdb.failpoint=" + failPoint,
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashWorkload.class.getName(),
                        folder.resolve("data").toString(),
                        Integer.toString(first),
                        Integer.toString(count))
                .redirectError(folder.resolve("stderr").toFile())
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                log.line(line);
            }
        }
        assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return writer.exitValue();
    }

    /** What was there is there, more can be written, and a clean stop changes nothing. */
    private static void goesOn(Path data, CrashLog log) throws Exception {
        try (Database database = CrashWorkload.open(data)) {
            log.expect(database, CrashLog.NO_LOSS);
            CrashWorkload.run(database, data, log.nextBatch(), LATER_BATCHES, log::line);
            log.expect(database, CrashLog.NO_LOSS);
        }
        try (Database database = CrashWorkload.open(data)) {
            log.expect(database, CrashLog.NO_LOSS);
            assertThat(database.faults()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("places")
    void losesNothingToAnInputOutputError(Place place) throws Exception {
        fail(place, "eio");
    }

    /** In the short form, where most is written; of the others an input/output error tells as much. */
    static Stream<Place> writingPlaces() {
        List<FailPoint> writing =
                List.of(FailPoint.WAL_APPEND, FailPoint.CHECKPOINT, FailPoint.META_WRITE, FailPoint.TOMBSTONE_WRITE);
        return places().filter(place -> LONG || writing.contains(place.point()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("writingPlaces")
    void losesNothingToAFullDisk(Place place) throws Exception {
        fail(place, "enospc");
    }

    private void fail(Place place, String action) throws Exception {
        Path data = folder.resolve("data");
        CrashLog log = new CrashLog();
        FailPoint.set(place.text(action));
        try (Database database = CrashWorkload.open(data)) {
            CrashWorkload.run(database, data, 0, BATCHES, log::line);
            assertThat(database.ingestion().fault()).isEmpty();
            log.expect(database, CrashLog.NO_LOSS);
            if (place.point() == FailPoint.WAL_APPEND) {
                assertThat(log.refused()).isEqualTo(3);
            }
            assertThat(log.acknowledged()).isGreaterThanOrEqualTo(BATCHES - 3);
        } finally {
            FailPoint.set("");
        }
        goesOn(data, log);
    }

    // --- damage
    // ------------------------------------------------------------------------------------------------------------------

    private void damage(FailPoint point, Path copy, CrashLog log, boolean empties) throws Exception {
        switch (point) {
            case WAL_APPEND, WAL_FSYNC, WAL_CUT -> damageLog(copy, "wal", log, empties);
            case LATE_CUT -> damageLog(copy, "wbl", log, empties);
            case CHECKPOINT -> damageCheckpoint(copy, log, empties);
            case LATE_FLUSH -> damageHeadChunks(copy, log, empties);
            case HEAD_CUT -> damageChunks(copy, log, empties);
            case BLOCK_RENAME, COMPACTION_SWAP -> damageBlock(copy, "index", log, empties);
            case META_WRITE, RETENTION_DELETE -> damageBlock(copy, "meta.json", log, empties);
            case TOMBSTONE_WRITE -> damageBlock(copy, "tombstones", log, empties);
        }
    }

    private static void strike(Path file, boolean empties) throws IOException {
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
            if (empties) {
                damaged.setLength(0);
            } else {
                long at =
                        switch (file.getFileName().toString()) {
                            // A text without checksums: where it does not become another text.
                            case "meta.json" -> 0;
                            // In its table of contents; of the rest each part is checked when it is read.
                            case "index" -> damaged.length() - 20;
                            default -> damaged.length() / 2;
                        };
                damaged.seek(at);
                int old = damaged.read();
                damaged.seek(at);
                damaged.write(old ^ 4);
            }
        }
    }

    /** Costs what came with the batches of the last segment, from the damage on; an empty segment is like one just begun. */
    private static void damageLog(Path data, String name, CrashLog log, boolean empties) throws Exception {
        List<Wal.Segment> segments = new ArrayList<>(Wal.segments(data.resolve(name)));
        segments.removeIf(segment -> segment.file().toFile().length() == 0);
        int last = segments.get(segments.size() - 1).index();
        strike(Wal.segmentFile(data.resolve(name), last), empties);
        boolean isWal = name.equals("wal");
        CrashLog.Loss loss = new CrashLog.Loss() {
            @Override
            public boolean mayMiss(CrashLog.Came sample) {
                return isWal ? sample.walSegment() >= last : sample.isLate() && sample.wblSegment() >= last;
            }

            @Override
            public boolean mayBeBack(long timeMs, int walSegment) {
                return isWal && walSegment >= last;
            }
        };
        try (Database database = CrashWorkload.open(data)) {
            log.expect(database, loss);
            if (!empties) {
                expectQuarantine(database, data);
            }
        }
        try (Database database = CrashWorkload.open(data)) {
            log.expect(database, loss);
            assertThat(database.faults()).isEmpty();
        }
    }

    /** Costs what is not in blocks: nothing else tells the labels of the series. */
    private static void damageCheckpoint(Path data, CrashLog log, boolean empties) throws Exception {
        Path checkpoint =
                Wal.newestCheckpoint(data.resolve("wal")).orElseThrow().file();
        long inBlocks = blocks(data).stream()
                .filter(block -> !block.meta().isOfLateSamples())
                .mapToLong(block -> block.meta().maxTimeMs())
                .max()
                .orElse(Long.MIN_VALUE);
        strike(Wal.segmentFile(checkpoint, 0), empties);
        try (Database database = CrashWorkload.open(data)) {
            log.expect(database, new CrashLog.Loss() {
                @Override
                public boolean mayMiss(CrashLog.Came sample) {
                    return sample.timeMs() >= inBlocks || sample.isLate();
                }

                @Override
                public boolean mayBeBack(long timeMs, int walSegment) {
                    return timeMs >= inBlocks;
                }
            });
            assertThat(database.faults()).isNotEmpty();
        }
    }

    /** Costs nothing: the logs have the samples. */
    private static void damageHeadChunks(Path data, CrashLog log, boolean empties) throws Exception {
        strike(newestFile(data.resolve("chunks_head")), empties);
        try (Database database = CrashWorkload.open(data)) {
            log.expect(database, CrashLog.NO_LOSS);
            if (!empties) {
                expectQuarantine(database, data);
            }
        }
    }

    private static Path newestFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toFile().length() > 0)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /** Costs the block: it goes to quarantine. What of it the logs still have comes back, and is not deleted where only the block said so. */
    private static void damageBlock(Path data, String file, CrashLog log, boolean empties) throws Exception {
        Block block = newestBlock(data);
        strike(block.folder().resolve(file), empties);
        try (Database database = CrashWorkload.open(data)) {
            log.expect(database, lossOf(block));
            expectQuarantine(database, data);
            assertThat(data.resolve("quarantine").resolve(block.meta().ulid())).isDirectory();
        }
    }

    private static Block newestBlock(Path data) throws IOException {
        return blocks(data).stream()
                .max(Comparator.comparing(block -> block.meta().ulid()))
                .orElseThrow();
    }

    private static List<Block> blocks(Path data) throws IOException {
        List<Block> blocks = new ArrayList<>();
        try (Stream<Path> folders = Files.list(data)) {
            for (Path candidate : (Iterable<Path>) folders::iterator) {
                if (Ulid.isUlid(candidate.getFileName().toString())) {
                    blocks.add(Block.open(candidate));
                }
            }
        }
        return blocks;
    }

    private static CrashLog.Loss lossOf(Block block) {
        return new CrashLog.Loss() {
            @Override
            public boolean mayMiss(CrashLog.Came sample) {
                return block.overlaps(sample.timeMs(), sample.timeMs());
            }

            @Override
            public boolean mayBeBack(long timeMs, int walSegment) {
                return block.overlaps(timeMs, timeMs);
            }
        };
    }

    /** An empty file costs the block; a flipped bit shows when the chunk is read: queries that need it fail and say where, others do not. */
    private static void damageChunks(Path data, CrashLog log, boolean empties) throws Exception {
        Block block = newestBlock(data);
        strike(block.folder().resolve("chunks/000001"), empties);
        try (Database database = CrashWorkload.open(data)) {
            if (empties) {
                log.expect(database, lossOf(block));
                expectQuarantine(database, data);
            } else {
                assertThatThrownBy(() -> log.expect(database, CrashLog.NO_LOSS))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(block.meta().ulid());
                log.expect(
                        database, CrashLog.NO_LOSS, Long.MIN_VALUE, block.meta().minTimeMs() - 1);
                log.expect(database, CrashLog.NO_LOSS, block.meta().maxTimeMs(), Long.MAX_VALUE);
                assertThat(database.faults().toString()).contains(block.meta().ulid());
            }
        }
    }

    private static void expectQuarantine(Database database, Path data) {
        assertThat(database.faults()).isNotEmpty();
        assertThat(database.stats().corruptions()).isPositive();
        assertThat(data.resolve("quarantine")).isNotEmptyDirectory();
    }

    // --- beyond single faults
    // ------------------------------------------------------------------------------------------------------

    @Test
    void keepsEverythingThroughKillAfterKill() throws Exception {
        CrashLog log = new CrashLog();
        for (int round = 0; round < (LONG ? 20 : 5); round++) {
            int code = child("wal.append:kill:" + (30 + 7 * round), log.nextBatch(), BATCHES, log);
            assertThat(code).isEqualTo(KILLED);
            try (Database database =
                    CrashWorkload.open(Fixture.copy(folder.resolve("data"), folder.resolve("copy" + round)))) {
                log.expect(database, CrashLog.NO_LOSS);
                assertThat(database.faults()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void pausesOnAFullDiskAndGoesOnByItself(FullBy how) throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        assumeTrue(command("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString()), "may not mount a tmpfs");
        try {
            Path data = disk.resolve("data");
            CrashLog log = new CrashLog();
            try (Database database = CrashWorkload.open(data)) {
                CrashWorkload.run(database, data, 0, how.before, log::line);
                List<Path> ballast = new ArrayList<>();
                // Blocks being cut may delete what they replace just after the disk was full: then it is filled up
                // again.
                while (log.refused() == 0) {
                    assertThat(ballast).hasSizeLessThan(10);
                    ballast.add(disk.resolve("ballast-" + ballast.size()));
                    fill(ballast.get(ballast.size() - 1));
                    // Late and new series, blocks to be cut: all of it on a full disk.
                    CrashWorkload.run(database, data, log.nextBatch(), 60, log::line);
                }
                assertThat(database.faults().toString()).contains("ingestion").contains("paused");
                log.expect(database, CrashLog.NO_LOSS);
                for (Path file : ballast) {
                    Files.delete(file);
                }
                long refused = log.refused();
                CrashWorkload.run(database, data, log.nextBatch(), 60, log::line);
                assertThat(log.refused()).isEqualTo(refused);
                assertThat(database.ingestion().fault()).isEmpty();
                log.expect(database, CrashLog.NO_LOSS);
            }
            goesOn(data, log);
        } finally {
            // What was mapped is let go with the buffers only.
            assertThat(command("umount", "--lazy", disk.toString())).isTrue();
        }
    }

    enum FullBy {
        THE_FIRST_BATCHES(20),
        MANY_BATCHES(150);

        final int before;

        FullBy(int before) {
            this.before = before;
        }
    }

    private static boolean command(String... words) throws Exception {
        try {
            return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] bytes = new byte[4096];
            while (true) {
                out.write(bytes);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }
}
