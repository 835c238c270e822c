package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.config.StorageConfig.Downsampling;
import org.narthex.api.config.StorageConfig.RetentionPolicy;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.BlockMeta;
import org.narthex.tsdb.block.SyncedFiles;
import org.narthex.tsdb.index.SeriesEntry;

/** Whatever becomes of blocks in the background, answers stay the same, but for what was to go. */
class CompactionTest {
    private static final long HOUR = 3_600_000;
    private static final long START = 1_700_006_400_000L / (6 * HOUR) * (6 * HOUR);

    @TempDir
    Path folder;

    private Database open(StorageConfig.Retention retention, boolean awaitsConfiguration) throws Exception {
        BlockSettings settings = new BlockSettings(
                retention,
                OptionalLong.of(18 * HOUR),
                true,
                1 << 16,
                Path.of(""),
                Integer.MAX_VALUE,
                awaitsConfiguration);
        return DatabaseTest.openReady(Settings.of(folder), settings);
    }

    private Database open(StorageConfig.Retention retention) throws Exception {
        return open(retention, false);
    }

    private Database open() throws Exception {
        return open(new StorageConfig.Retention(0, 0, 0));
    }

    private static Labels series(int i) {
        return Labels.of("__name__", "m" + i % 7, "i", Integer.toString(i), "job", i % 2 == 0 ? "even" : "odd");
    }

    /** A block of some of 40 series, regular or not, with gaps. */
    private Block randomBlock(Random random, long from, long to) throws IOException {
        BlockBuilder builder = new BlockBuilder().samplesPerChunk(1 + random.nextInt(150));
        for (int i = 0; i < 40; i++) {
            if (random.nextInt(4) == 0) {
                continue;
            }
            long step = 15_000 + random.nextInt(3) * 30_000L;
            double value = random.nextInt(1000);
            for (long t = from + random.nextInt(60_000); t < to; t += step + random.nextInt(3)) {
                if (random.nextInt(200) == 0) {
                    t += 20 * 60_000;
                }
                value += random.nextInt(5);
                if (t < to) {
                    builder.add(series(i), t, random.nextInt(50) == 0 ? Double.NaN : value);
                }
            }
        }
        return builder.write(folder, from, to);
    }

    /** A block of some of 10 series of histograms that grow, reset and change their buckets. */
    private Block randomHistograms(Random random, long from, long to) throws IOException {
        BlockBuilder builder = new BlockBuilder().samplesPerChunk(1 + random.nextInt(150));
        for (int i = 0; i < 10; i++) {
            SampleBuffer samples = builder.buffer(Labels.of("__name__", "h", "i", Integer.toString(i)));
            long[] counts = new long[4];
            for (long t = from + random.nextInt(60_000); t < to; t += 30_000) {
                if (random.nextInt(60) == 0) {
                    counts = new long[1 + random.nextInt(6)];
                }
                long sum = 0;
                for (int j = 0; j < counts.length; j++) {
                    counts[j] += random.nextInt(4);
                    sum += counts[j];
                }
                samples.add(
                        t,
                        Histogram.ofIntegers(
                                Histogram.ResetHint.UNKNOWN,
                                i % 3,
                                0,
                                0,
                                sum,
                                sum * 1.5,
                                new int[] {i - 5, counts.length},
                                counts.clone(),
                                new int[0],
                                new long[0],
                                new double[0]));
            }
        }
        return builder.write(folder, from, to);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void keepsHistograms(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            randomHistograms(random, START + 2 * HOUR * i, START + 2 * HOUR * (i + 1));
        }
        randomHistograms(random, START + HOUR, START + 3 * HOUR);
        try (Database database = open()) {
            database.delete(List.of(Matcher.equal("i", "3")), START + HOUR, START + 5 * HOUR / 2);
            Map<String, List<String>> before = Fixture.dump(database);
            assertThat(before).hasSize(10);
            database.compaction().run();
            assertThat(database.compaction().figures().failures()).isZero();
            assertThat(database.blocks().list()).hasSizeLessThan(6);
            assertThat(Fixture.dump(database)).as("seed %d", seed).isEqualTo(before);
        }
    }

    /** A series in one encoding, then in another, then with start timestamps, some of it deleted. */
    @Test
    void keepsEncodingsApartAndStartTimestamps() throws Exception {
        Labels labels = Labels.of("__name__", "m");
        for (int i = 0; i < 4; i++) {
            BlockBuilder builder = new BlockBuilder();
            if (i > 0) {
                builder.xor2();
            }
            SampleBuffer samples = builder.buffer(labels);
            long from = START + 2 * HOUR * i;
            for (long t = from; t < from + 2 * HOUR; t += 15_000) {
                samples.add(t, Math.sqrt((double) t));
                samples.startTimestampMs(samples.size() - 1, i == 2 ? from - 1000 : 0);
            }
            builder.write(folder, from, from + 2 * HOUR);
        }
        try (Database database = open()) {
            database.delete(List.of(Matcher.equal("__name__", "m")), START + 5 * HOUR, START + 5 * HOUR + 59_999);
            Map<String, List<String>> before = Fixture.dump(database);
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(2);
            assertThat(Fixture.dump(database)).isEqualTo(before);
            SampleBuffer samples = new SampleBuffer();
            Block compacted = database.blocks().list().get(0);
            compacted.select(List.of(), START, START + 6 * HOUR).read(0, START, START + 6 * HOUR, samples);
            assertThat(samples.size()).isEqualTo(3 * 480 - 4);
            for (int i = 0; i < samples.size(); i++) {
                boolean hasStart = samples.timestampsMs()[i] >= START + 4 * HOUR;
                assertThat(samples.startTimestampMs(i)).isEqualTo(hasStart ? START + 4 * HOUR - 1000 : 0);
            }
            Set<Integer> encodings = new TreeSet<>();
            Block.StoredChunk stored = new Block.StoredChunk();
            SeriesEntry entry = compacted.index().series(compacted.index().lastSeries());
            for (int i = 0; i < entry.chunkCount(); i++) {
                compacted.load(entry.ref(i), stored);
                encodings.add(stored.encoding());
                assertThat(stored.samples()).isGreaterThan(200);
            }
            assertThat(encodings).containsExactly(1, 4);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void keepsEveryAnswer(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 7; i++) {
            randomBlock(random, START + 2 * HOUR * i, START + 2 * HOUR * (i + 1));
        }
        for (int i = 0; i < random.nextInt(3); i++) {
            long from = START + random.nextInt(8) * HOUR;
            randomBlock(random, from, from + (1 + random.nextInt(3)) * HOUR);
        }
        Map<String, List<String>> before;
        int blocks;
        try (Database database = open()) {
            for (int i = 0; i < 6; i++) {
                long from = START + random.nextInt(12) * HOUR;
                database.delete(
                        List.of(Matcher.of(Matcher.Type.REGEX, "i", random.nextInt(4) + ".*")),
                        from,
                        from + random.nextInt((int) HOUR));
            }
            before = Fixture.dump(database);
            blocks = database.blocks().list().size();
            database.compaction().run();
            assertThat(database.compaction().figures().failures()).isZero();
            assertThat(database.blocks().list()).hasSizeLessThan(blocks);
            assertThat(Fixture.dump(database)).as("seed %d", seed).isEqualTo(before);
            int compacted = database.blocks().list().size();
            database.cleanTombstones();
            assertThat(database.blocks().list()).hasSize(compacted).noneMatch(Block::hasTombstones);
            assertThat(Fixture.dump(database)).as("seed %d", seed).isEqualTo(before);
        }
        try (Database database = open()) {
            assertThat(database.stats().corruptions()).isZero();
            assertThat(Fixture.dump(database)).as("seed %d", seed).isEqualTo(before);
            database.snapshot(folder.resolve("snapshot"));
        }
        try (Database database = DatabaseTest.openReady(Settings.of(folder.resolve("snapshot")))) {
            assertThat(Fixture.dump(database)).as("seed %d", seed).isEqualTo(before);
        }
    }

    @Test
    void describesWhatABlockIsMadeOf() throws Exception {
        Random random = new Random(1);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            names.add(randomBlock(random, START + 2 * HOUR * i, START + 2 * HOUR * (i + 1))
                    .meta()
                    .ulid());
        }
        try (Database database = open()) {
            long samples = 0;
            for (Block block : database.blocks().list().subList(0, 3)) {
                samples += block.meta().samples();
            }
            database.compaction().run();
            BlockMeta meta = database.blocks().list().get(0).meta();
            assertThat(database.blocks().list()).hasSize(2);
            assertThat(meta.level()).isEqualTo(2);
            assertThat(meta.sources()).containsExactlyElementsOf(names.subList(0, 3));
            assertThat(meta.parents()).containsExactlyElementsOf(names.subList(0, 3));
            assertThat(meta.minTimeMs()).isEqualTo(START);
            assertThat(meta.maxTimeMs()).isEqualTo(START + 6 * HOUR);
            assertThat(meta.samples()).isEqualTo(samples);
            assertThat(database.blocks().list().get(0).size()).isPositive();
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("0")))
                    .hasSize(2);
        }
    }

    @Test
    void compactsWhatPrometheusCompacted() throws Exception {
        Fixture.copy(Fixture.folder("om-blocks-compacted/data-before"), folder);
        Map<String, List<String>> expected =
                Fixture.dump(Fixture.folder("om-blocks-compacted").resolve("dump.txt.gz"));
        try (Database database = open()) {
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(3);
            assertThat(database.blocks().list().get(0).meta().level()).isEqualTo(2);
            assertThat(Fixture.dump(database)).isEqualTo(expected);
        }
        assertThat(Promtool.dump(folder)).isEqualTo(expected);
    }

    @Test
    void dropsTombstonedSamplesForGood() throws Exception {
        Fixture.copy(Fixture.folder("om-blocks-tombstones/data"), folder);
        Map<String, List<String>> expected =
                Fixture.dump(Fixture.folder("om-blocks-tombstones").resolve("dump.txt.gz"));
        try (Database database = open()) {
            database.cleanTombstones();
            assertThat(database.blocks().list()).hasSize(3).noneMatch(Block::hasTombstones);
            assertThat(Fixture.dump(database)).isEqualTo(expected);
        }
        assertThat(Promtool.dump(folder)).isEqualTo(expected);
    }

    @Test
    void writesWhatPromtoolReads() throws Exception {
        Random random = new Random(8);
        for (int i = 0; i < 7; i++) {
            randomBlock(random, START + 2 * HOUR * i, START + 2 * HOUR * (i + 1));
        }
        Map<String, List<String>> before;
        String longest;
        try (Database database = open()) {
            database.compaction().run();
            before = Fixture.dump(database);
            longest = database.blocks().list().get(0).meta().ulid();
        }
        assertThat(Promtool.run("tsdb", "list", folder.toString())).contains(longest);
        assertThat(Promtool.run("tsdb", "analyze", folder.toString(), longest)).contains("Duration: 6h0m0s");
        assertThat(Promtool.dump(folder)).isEqualTo(before);
    }

    @Test
    void removesABlockOfWhichNothingIsLeft() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 4; i++) {
            randomBlock(random, START + 2 * HOUR * i, START + 2 * HOUR * (i + 1));
        }
        try (Database database = open()) {
            database.delete(List.of(Matcher.of(Matcher.Type.REGEX, "i", ".+")), START, START + 6 * HOUR - 1);
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(1);
            assertThat(database.blocks().list().get(0).meta().level()).isEqualTo(1);
        }
    }

    @Test
    void keepsADeletionThatComesWhileBlocksAreMerged() throws Exception {
        Random random = new Random(4);
        for (int i = 0; i < 4; i++) {
            randomBlock(random, START + 2 * HOUR * i, START + 2 * HOUR * (i + 1));
        }
        try (Database database = open()) {
            Blocks blocks = database.blocks();
            List<Matcher> matchers = List.of(Matcher.equal("job", "odd"));
            List<Block> inputs = blocks.list().subList(0, 3);
            Block merged = randomBlock(random, START, START + 6 * HOUR);
            blocks.beginRewrite();
            blocks.delete(matchers, START, START + 6 * HOUR);
            blocks.replace(inputs, last -> {
                last.apply(merged);
                return merged;
            });
            blocks.endRewrite();
            assertThat(blocks.list()).hasSize(2).contains(merged);
            assertThat(merged.select(matchers, START, START + 6 * HOUR - 1).size())
                    .isZero();
        }
    }

    @Test
    void appliesPoliciesOnceToBlocksThatAreOldEnough() throws Exception {
        for (int i = 0; i < 12; i += 2) {
            BlockBuilder builder = new BlockBuilder();
            for (long t = START + i * HOUR; t < START + (i + 2) * HOUR; t += 60_000) {
                for (int s = 0; s < 3; s++) {
                    builder.add(Labels.of("__name__", "m", "job", "abc".substring(s, s + 1)), t, (double) t);
                }
            }
            builder.write(folder, START + i * HOUR, START + (i + 2) * HOUR);
        }
        StorageConfig config = new StorageConfig(
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(
                        new RetentionPolicy(
                                List.of(Matcher.equal("job", "a")), OptionalLong.of(4 * HOUR - 60_000), List.of()),
                        new RetentionPolicy(
                                List.of(Matcher.of(Matcher.Type.REGEX, "job", "a|b")),
                                OptionalLong.empty(),
                                List.of(new Downsampling(4 * HOUR - 60_000, HOUR)))),
                0);
        try (Database database = open()) {
            database.configure(config);
            database.compaction().run();
            // The blocks before 8 hours are wholly subject to both.
            assertThat(times(database, "a"))
                    .allMatch(t -> t >= START + 8 * HOUR)
                    .hasSize(240);
            List<Long> coarse = times(database, "b");
            for (int i = 0; i < 8; i++) {
                assertThat(coarse.get(i)).isEqualTo(START + (i + 1) * HOUR - 60_000);
            }
            assertThat(coarse).hasSize(8 + 240);
            assertThat(times(database, "c")).hasSize(720);
            CompactionFigures figures = database.compaction().figures();
            long done = figures.rewrites() + figures.compactions();
            database.compaction().run();
            assertThat(figures.rewrites() + figures.compactions()).isEqualTo(done);
            assertThat(figures.failures()).isZero();
            assertThat(Files.readString(database.blocks().list().get(0).folder().resolve("meta.json")))
                    .contains("narthex", "every 1h after 3h59m");
        }
    }

    private static List<Long> times(Database database, String job) throws IOException {
        List<Long> times = new ArrayList<>();
        try (Querier querier = database.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("job", job)));
            SampleBuffer buffer = new SampleBuffer();
            for (int i = 0; i < set.size(); i++) {
                set.read(i, Long.MIN_VALUE, Long.MAX_VALUE, buffer);
                for (int j = 0; j < buffer.size(); j++) {
                    times.add(buffer.timestampsMs()[j]);
                }
            }
        }
        return times;
    }

    @Test
    void deletesTheOldestBlocksBeyondTheSize() throws Exception {
        Random random = new Random(5);
        long newest = 0;
        for (int i = 0; i < 4; i++) {
            newest = randomBlock(random, START + 10 * HOUR * i, START + 10 * HOUR * i + 2 * HOUR)
                    .size();
        }
        try (Database database = open(new StorageConfig.Retention(0, newest * 3 / 2, 0))) {
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(1);
            assertThat(database.blocks().minTimeMs()).isEqualTo(START + 30 * HOUR);
            assertThat(database.blocks().retention().expiredBySize()).isEqualTo(3);
        }
    }

    @Test
    void letsTheConfigurationDecideOnRetention() throws Exception {
        Random random = new Random(6);
        for (int i = 0; i < 4; i++) {
            randomBlock(random, START + 10 * HOUR * i, START + 10 * HOUR * i + 2 * HOUR);
        }
        try (Database database = open()) {
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(4);
            database.configure(withRetention(new StorageConfig.Retention(20 * HOUR, 0, 0)));
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(2);
            assertThat(database.blocks().retention().expiredByTime()).isEqualTo(2);
            database.configure(withRetention(new StorageConfig.Retention(0, 1, 100)));
            database.compaction().run();
            assertThat(database.blocks().list())
                    .as("percentage counts, not bytes")
                    .hasSize(2);
            database.configure(StorageConfig.DEFAULT);
            assertThat(database.blocks().retention().timeMs()).isZero();
        }
    }

    @Test
    void deletesNothingBeforeTheConfigurationIsThere() throws Exception {
        Random random = new Random(12);
        for (int i = 0; i < 4; i++) {
            randomBlock(random, START + 10 * HOUR * i, START + 10 * HOUR * i + 2 * HOUR);
        }
        try (Database database = open(new StorageConfig.Retention(HOUR, 0, 0), true)) {
            database.compaction().run();
            database.upkeep();
            assertThat(database.blocks().list()).hasSize(4);
            database.configure(withRetention(new StorageConfig.Retention(20 * HOUR, 0, 0)));
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(2);
        }
    }

    private static StorageConfig withRetention(StorageConfig.Retention retention) {
        return new StorageConfig(0, 0, Optional.empty(), Optional.of(retention), List.of(), 0);
    }

    @Test
    void seesBlocksComeAndGo() throws Exception {
        Random random = new Random(7);
        Block first = randomBlock(random, START, START + 2 * HOUR);
        try (Database database = open()) {
            Block second = randomBlock(random, START + 20 * HOUR, START + 22 * HOUR);
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(2);
            Files.move(second.folder(), folder.resolve("elsewhere"));
            database.compaction().run();
            assertThat(database.blocks().list())
                    .extracting(block -> block.meta().ulid())
                    .containsExactly(first.meta().ulid());
            // Somebody is still copying this one.
            Path partial = Files.createDirectories(folder.resolve(second.meta().ulid()));
            database.compaction().run();
            assertThat(database.stats().corruptions()).isZero();
            Files.delete(partial);
            Files.move(folder.resolve("elsewhere"), partial);
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(2);
        }
    }

    @Test
    void setsAsideABrokenBlockThatDoesNotGrow() throws Exception {
        Random random = new Random(9);
        try (Database database = open()) {
            Block broken = randomBlock(random, START, START + 2 * HOUR);
            Files.write(broken.folder().resolve("index"), new byte[100]);
            database.compaction().run();
            assertThat(broken.exists()).isTrue();
            assertThat(database.blocks().list()).isEmpty();
            database.compaction().run();
            assertThat(broken.exists()).isFalse();
            assertThat(database.stats().corruptions()).isEqualTo(1);
        }
    }

    /** As a kill leaves it between the appearance of the new block and the deletion of its parents. */
    @Test
    void removesParentsThatAKillLeft() throws Exception {
        Random random = new Random(10);
        for (int i = 0; i < 4; i++) {
            randomBlock(random, START + 2 * HOUR * i, START + 2 * HOUR * (i + 1));
        }
        Path backup = Fixture.copy(folder, folder.resolveSibling(folder.getFileName() + "-backup"));
        Map<String, List<String>> before;
        try (Database database = open()) {
            before = Fixture.dump(database);
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(2);
            for (String parent : database.blocks().list().get(0).meta().parents()) {
                Fixture.copy(backup.resolve(parent), folder.resolve(parent));
            }
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(2);
            for (String parent : database.blocks().list().get(0).meta().parents()) {
                assertThat(folder.resolve(parent)).doesNotExist();
                Fixture.copy(backup.resolve(parent), folder.resolve(parent));
            }
        }
        try (Database database = open()) {
            assertThat(database.blocks().list()).hasSize(2);
            assertThat(Fixture.dump(database)).isEqualTo(before);
        }
        SyncedFiles.deleteFolder(backup);
    }

    @Test
    void leavesAnOpenViewItsBlocks() throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < 4; i++) {
            randomBlock(random, START + 2 * HOUR * i, START + 2 * HOUR * (i + 1));
        }
        try (Database database = open();
                Querier querier = database.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            SampleBuffer before = new SampleBuffer();
            SampleBuffer after = new SampleBuffer();
            SeriesSet set = querier.select(List.of(Matcher.equal("job", "odd")));
            set.read(3, START, START + 8 * HOUR, before);
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(2);
            set.read(3, START, START + 8 * HOUR, after);
            assertThat(after.size()).isEqualTo(before.size()).isPositive();
            assertThat(querier.select(List.of(Matcher.equal("job", "odd"))).size())
                    .isEqualTo(set.size());
        }
    }
}
