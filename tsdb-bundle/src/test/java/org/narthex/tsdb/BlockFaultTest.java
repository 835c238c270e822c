package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.StorageFault;
import org.narthex.tsdb.block.Block;

/** One damaged block: the database starts, the other block answers, and what is wrong is told. */
class BlockFaultTest {
    private static final long START = 1_700_006_400_000L;
    private static final long HOUR = 3_600_000;

    @TempDir
    Path folder;

    private Path broken;

    @BeforeEach
    void writeBlocks() throws IOException {
        broken = block(START).folder();
        block(START + 2 * HOUR);
    }

    private Block block(long from) throws IOException {
        BlockBuilder builder = new BlockBuilder();
        for (int i = 0; i < 20; i++) {
            for (int j = 0; j < 240; j++) {
                builder.add(Labels.of("__name__", "m", "i", Integer.toString(i)), from + j * 30_000L, i * Math.sin(j));
            }
        }
        return builder.write(folder, from, from + 2 * HOUR);
    }

    private static void cut(Path file, long bytes) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, (int) (bytes < 0 ? content.length + bytes : bytes)));
    }

    private static void flip(Path file, long at) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[(int) (at < 0 ? content.length + at : at)] ^= 0x55;
        Files.write(file, content);
    }

    private void damage(String how) throws IOException {
        String[] parts = how.split(" ");
        Path file = broken.resolve(parts[1]);
        switch (parts[0]) {
            case "cut" -> cut(file, Long.parseLong(parts[2]));
            case "flip" -> flip(file, Long.parseLong(parts[2]));
            case "delete" -> Files.delete(file);
            case "write" -> Files.writeString(file, parts[2]);
            default -> throw new IllegalArgumentException(how);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cut meta.json 0",
        "cut meta.json 20",
        "delete meta.json",
        "write meta.json {}",
        "write meta.json {\"version\":1}",
        "write meta.json [",
        "cut index 0",
        "cut index 4",
        "cut index 100",
        "cut index -1",
        "flip index 0",
        "flip index 4",
        "flip index 12",
        "flip index -1",
        "flip index -60",
        "delete index",
        "cut chunks/000001 0",
        "cut chunks/000001 5",
        "cut chunks/000001 -1",
        "flip chunks/000001 1",
        "flip chunks/000001 4",
        "delete chunks/000001",
        "cut tombstones 0",
        "cut tombstones 6",
        "flip tombstones 0",
        "flip tombstones 4",
        "flip tombstones 6"
    })
    void setsADamagedBlockAside(String how) throws Exception {
        damage(how);
        try (Database database = DatabaseTest.openReady(Settings.of(folder))) {
            assertThat(database.blocks().list()).hasSize(1);
            assertThat(database.stats().corruptions()).isEqualTo(1);
            assertThat(Fixture.dump(database)).hasSize(20);
            assertThat(database.faults()).hasSize(1).allMatch(StorageFault::isOver);
            assertThat(database.faults().get(0).part()).isEqualTo(broken.toString());
        }
        assertThat(broken).doesNotExist();
        assertThat(folder.resolve("quarantine").resolve(broken.getFileName())).isDirectory();
    }

    @Test
    void failsTheQueryThatMeetsDamageAndNamesTheFile() throws Exception {
        flip(broken.resolve("chunks/000001"), 40);
        try (Database database = DatabaseTest.openReady(Settings.of(folder));
                Querier querier = database.querier(START, START + 4 * HOUR)) {
            assertThat(database.faults()).isEmpty();
            SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "m")));
            SampleBuffer buffer = new SampleBuffer();
            assertThatThrownBy(() -> set.read(0, START, START + 4 * HOUR, buffer))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(broken.resolve("chunks/000001").toString());
            assertThatThrownBy(() -> set.read(0, START, START + 4 * HOUR, buffer))
                    .isInstanceOf(IOException.class);
            set.read(1, START, START + 4 * HOUR, buffer);
            assertThat(buffer.size()).isEqualTo(480);
            assertThat(database.faults()).hasSize(1).noneMatch(StorageFault::isOver);
            assertThat(database.faults().get(0).reason()).contains("000001");
            assertThat(database.stats().corruptions()).isEqualTo(1);
        }
    }

    @Test
    void leavesADamagedBlockAloneWhenCompacting() throws Exception {
        flip(broken.resolve("chunks/000001"), 40);
        block(START + HOUR);
        BlockSettings base = BlockSettings.of(Settings.of(folder));
        BlockSettings merging = new BlockSettings(
                base.retention(),
                base.maxRangeMs(),
                true,
                base.segmentBytes(),
                base.uploaded(),
                Integer.MAX_VALUE,
                false);
        try (Database database = DatabaseTest.openReady(Settings.of(folder), merging)) {
            database.compaction().run();
            assertThat(database.blocks().list()).hasSize(3).allMatch(block -> block.meta()
                    .isFailed());
            assertThat(database.compaction().figures().failures()).isEqualTo(1);
            database.compaction().run();
            assertThat(database.compaction().figures().failures()).isEqualTo(1);
        }
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().contains(".tmp"))).isEmpty();
        }
    }

    @Test
    void removesLeftoversAndWhatIsReplaced() throws Exception {
        Files.createDirectories(folder.resolve("01HF5ZZZZZZZZZZZZZZZZZZZZZ.tmp-for-creation/chunks"));
        Files.createDirectories(folder.resolve("01HF5ZZZZZZZZZZZZZZZZZZZZZ.tmp-for-deletion"));
        Path meta = broken.resolve("meta.json");
        Files.writeString(
                meta, Files.readString(meta).replace("\"compaction\": {", "\"compaction\": {\"deletable\": true,"));
        try (Database database = DatabaseTest.openReady(Settings.of(folder))) {
            assertThat(database.blocks().list()).hasSize(1);
            assertThat(database.stats().corruptions()).isZero();
        }
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("01")))
                    .hasSize(1);
        }
    }
}
