package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.wal.Wal;

/** After a kill or with damaged files the storage starts, has what was acknowledged and sound, and keeps the rest in quarantine. */
@Timeout(120)
class CrashTest {
    private static final long T0 = 1_700_006_400_000L;
    private static final int WIDTH = 20;

    @TempDir
    Path folder;

    @Test
    void losesNoAcknowledgedBatchWhenKilled() throws Exception {
        Path data = folder.resolve("data");
        long acknowledged = 0;
        for (int round = 0; round < 2; round++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            data.toString(),
                            Long.toString(acknowledged))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
                long enough = acknowledged + 3000;
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    acknowledged = Long.parseLong(line);
                    if (acknowledged >= enough) {
                        writer.toHandle().destroyForcibly();
                    }
                }
            }
            assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
            try (Database database = DatabaseTest.openReady(Settings.of(data))) {
                Map<String, List<String>> found = Fixture.dump(database);
                assertThat(found).hasSize(WIDTH);
                // A batch that was being written may be there or not, yet whole.
                int size = found.values().iterator().next().size();
                assertThat((long) size).isBetween(acknowledged, acknowledged + 1);
                for (List<String> samples : found.values()) {
                    assertThat(samples).hasSize(size);
                    assertThat(samples.get(samples.size() - 1)).isEqualTo((T0 + size - 1) + " " + (size - 1));
                }
                acknowledged = size;
            }
        }
    }

    /** Appends batches until killed; prints how many are acknowledged. */
    static final class Writer {
        public static void main(String[] args) throws Exception {
            try (Database database = DatabaseTest.openReady(Settings.of(Path.of(args[0])))) {
                for (long i = Long.parseLong(args[1]); ; i++) {
                    database.append(batch(i));
                    System.out.println(i + 1);
                }
            }
        }
    }

    private static SampleBatch batch(long number) {
        SampleBatch batch = new SampleBatch();
        for (int s = 0; s < WIDTH; s++) {
            batch.add(Labels.of("__name__", "m", "s", Integer.toString(s)), T0 + number, (double) number);
        }
        return batch;
    }

    private void write(Path data, int batches) throws Exception {
        try (Database database = DatabaseTest.openReady(Settings.of(data))) {
            for (int i = 0; i < batches; i++) {
                database.append(batch(i));
            }
        }
    }

    @Test
    void repairsATornTailAndKeepsACopy() throws Exception {
        Path data = folder.resolve("data");
        write(data, 30);
        byte[] whole = Files.readAllBytes(Wal.segmentFile(data.resolve("wal"), 0));
        for (int length = whole.length - 1; length > 0; length -= 97) {
            Path torn = folder.resolve("torn" + length);
            Files.createDirectories(torn.resolve("wal"));
            Files.write(Wal.segmentFile(torn.resolve("wal"), 0), Arrays.copyOf(whole, length));
            int size;
            try (Database database = DatabaseTest.openReady(Settings.of(torn))) {
                size = sizeOfAll(database);
                assertThat(size).isLessThan(30);
                boolean damaged = database.stats().corruptions() == 1;
                assertThat(Files.exists(torn.resolve("quarantine/00000000"))).isEqualTo(damaged);
                database.append(batch(size));
            }
            // The repair holds: the next start finds nothing to complain about, and what came after.
            try (Database database = DatabaseTest.openReady(Settings.of(torn))) {
                assertThat(sizeOfAll(database)).isEqualTo(size + 1);
                assertThat(database.stats().corruptions()).isZero();
            }
        }
    }

    private static int sizeOfAll(Database database) throws IOException {
        int size = -1;
        for (List<String> samples : Fixture.dump(database).values()) {
            assertThat(size == -1 || size == samples.size()).isTrue();
            size = samples.size();
        }
        return Math.max(size, 0);
    }

    @Test
    void goesOnWithLaterSegmentsAfterADamagedOne() throws Exception {
        Path data = folder.resolve("data");
        for (int i = 0; i < 3; i++) {
            try (Database database = DatabaseTest.openReady(Settings.of(data))) {
                for (int j = 0; j < 10; j++) {
                    database.append(batch(i * 10L + j));
                }
            }
        }
        try (RandomAccessFile file =
                new RandomAccessFile(Wal.segmentFile(data.resolve("wal"), 1).toFile(), "rw")) {
            file.seek(file.length() / 2);
            file.write(0x55);
        }
        try (Database database = DatabaseTest.openReady(Settings.of(data))) {
            assertThat(database.stats().corruptions()).isEqualTo(1);
            assertThat(sizeOfAll(database)).isBetween(21, 29);
            assertThat(Files.exists(data.resolve("quarantine/00000001"))).isTrue();
        }
    }

    @Test
    void countsASegmentThatIsMissing() throws Exception {
        Path data = folder.resolve("data");
        for (int i = 0; i < 3; i++) {
            try (Database database = DatabaseTest.openReady(Settings.of(data))) {
                database.append(batch(i));
            }
        }
        Files.delete(Wal.segmentFile(data.resolve("wal"), 1));
        try (Database database = DatabaseTest.openReady(Settings.of(data))) {
            assertThat(database.stats().corruptions()).isEqualTo(1);
            assertThat(sizeOfAll(database)).isEqualTo(2);
        }
    }

    @Test
    void putsADamagedBlockIntoQuarantineAndStarts() throws Exception {
        Path data = folder.resolve("data");
        Path snapshot = folder.resolve("snapshot");
        write(data, 30);
        try (Database database = DatabaseTest.openReady(Settings.of(data))) {
            database.snapshot(snapshot);
        }
        Path block;
        try (Database database = DatabaseTest.openReady(Settings.of(snapshot))) {
            block = database.blocks().list().get(0).folder();
        }
        Files.write(block.resolve("index"), new byte[100]);
        try (Database database = DatabaseTest.openReady(Settings.of(snapshot))) {
            assertThat(database.stats().corruptions()).isEqualTo(1);
            assertThat(database.blocks().list()).isEmpty();
            assertThat(Files.exists(snapshot.resolve("quarantine").resolve(block.getFileName())))
                    .isTrue();
        }
    }

    @Test
    void readsNoDamagedBlockAsIfItWereSoundAndNeverCrashes() throws Exception {
        Path data = folder.resolve("data");
        write(data, 3);
        try (Database database = DatabaseTest.openReady(Settings.of(data))) {
            database.snapshot(folder.resolve("snapshot"));
        }
        Path block;
        try (Database database = DatabaseTest.openReady(Settings.of(folder.resolve("snapshot")))) {
            block = database.blocks().list().get(0).folder();
        }
        for (String name : List.of("index", "chunks/000001", "tombstones", "meta.json")) {
            Path file = block.resolve(name);
            byte[] sound = Files.readAllBytes(file);
            for (int i = 0; i < sound.length; i++) {
                byte[] damaged = sound.clone();
                damaged[i] ^= (byte) (1 << i % 8);
                rewrite(file, damaged);
                readAll(block);
            }
            for (int length = 0; length < sound.length; length += 7) {
                rewrite(file, Arrays.copyOf(sound, length));
                readAll(block);
            }
            rewrite(file, sound);
        }
    }

    /** As another file, since the one before may be mapped. */
    private static void rewrite(Path file, byte[] content) throws IOException {
        Files.delete(file);
        Files.write(file, content);
    }

    /** Only an IOException may come of damage. */
    private static void readAll(Path folder) {
        try {
            Block block = Block.open(folder);
            var found = block.select(List.of(), Long.MIN_VALUE, Long.MAX_VALUE);
            for (int i = 0; i < found.size(); i++) {
                found.read(i, Long.MIN_VALUE, Long.MAX_VALUE, new SampleBuffer());
            }
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @Test
    void removesLeftoversOfUnfinishedWork() throws Exception {
        Path leftover = folder.resolve("01DXXFZDYD1MQW6079WK0K6EDQ.tmp-for-creation");
        Files.createDirectories(leftover.resolve("chunks"));
        Files.write(leftover.resolve("index"), new byte[3]);
        try (Database database = DatabaseTest.openReady(Settings.of(folder))) {
            assertThat(Files.exists(leftover)).isFalse();
            assertThat(database.stats().corruptions()).isZero();
        }
    }

    @Test
    void letsNoSecondOneIntoTheDataFolder() throws Exception {
        try (Database database = DatabaseTest.openReady(Settings.of(folder))) {
            assertThat(database.missing()).isEmpty();
            assertThatThrownBy(() -> Database.open(Settings.of(folder)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("storage: data folder " + folder + " is in use by process "
                            + ProcessHandle.current().pid() + " (this one)");
        }
        DatabaseTest.openReady(Settings.of(folder)).close();
    }

    @Test
    void saysSoWhenTheDataFolderCannotBeMade() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> Database.open(Settings.of(file.resolve("data"))))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("storage: cannot create data folder " + file.resolve("data"));
    }
}
