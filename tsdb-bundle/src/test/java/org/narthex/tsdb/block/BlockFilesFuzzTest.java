package org.narthex.tsdb.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.tsdb.chunk.Intervals;

/** Whatever bytes stand in a block's files, reading them ends with an {@link IOException} or well. */
class BlockFilesFuzzTest {
    @TempDir
    Path folder;

    private interface Reading {
        void read() throws IOException;
    }

    private static byte[] damaged(Random random, byte[] good) {
        byte[] bad = random.nextInt(5) == 0 ? Arrays.copyOf(good, random.nextInt(good.length + 1)) : good.clone();
        for (int i = 0; i < random.nextInt(5) && bad.length > 0; i++) {
            bad[random.nextInt(bad.length)] = (byte) (random.nextInt(3) == 0 ? 0xff : random.nextInt());
        }
        return bad;
    }

    private static boolean isRefused(Reading reading) {
        try {
            reading.read();
            return false;
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
            return true;
        }
    }

    @Test
    void readsAnyMeta() throws Exception {
        Random random = new Random(1);
        BlockMeta parent = BlockMeta.of(
                "01HF5ZZZZZZZZZZZZZZZZZZZZZ", BlockMeta.Draft.ofHead(0, 10), new BlockMeta.Counts(1, 2, 3, 4));
        BlockMeta meta = BlockMeta.of(
                "01HF6ZZZZZZZZZZZZZZZZZZZZZ",
                BlockMeta.Draft.compacted(List.of(parent), Set.of("a step")),
                new BlockMeta.Counts(10, 20, 30, 40));
        meta.write(folder);
        byte[] good = Files.readAllBytes(folder.resolve(BlockMeta.FILE));
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            byte[] bad = damaged(random, good);
            if (isRefused(() -> {
                Files.write(folder.resolve(BlockMeta.FILE), bad);
                BlockMeta read = BlockMeta.read(folder);
                read.withTombstones(1).parents();
                read.retention();
                read.sources();
            })) {
                refused++;
            }
        }
        assertThat(refused).isBetween(300, 1470);
    }

    @Test
    void refusesDeeplyNestedAndUnfinishedJson() {
        for (String text : List.of(
                "[".repeat(100_000), "{\"a\":".repeat(60), "", "{\"a\" 1}", "{\"a\":1}}", "\"\\u12\"", "{\"a\":1e}")) {
            assertThat(isRefused(() -> Json.parseMap("meta", text.getBytes(StandardCharsets.UTF_8))))
                    .as(text)
                    .isTrue();
        }
    }

    @Test
    void readsAnyTombstones() throws Exception {
        Random random = new Random(2);
        byte[] good = TombstoneFile.encode(Map.of(
                5,
                Intervals.NONE.with(10, 20).with(40, 50),
                70_000,
                Intervals.NONE.with(Long.MIN_VALUE, Long.MAX_VALUE)));
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            byte[] bad = damaged(random, good);
            if (bad.length > 9 && random.nextBoolean()) {
                CRC32C crc = new CRC32C();
                crc.update(bad, 5, bad.length - 9);
                ByteBuffer.wrap(bad).putInt(bad.length - 4, (int) crc.getValue());
            }
            if (isRefused(() -> {
                Files.write(folder.resolve(TombstoneFile.FILE), bad);
                TombstoneFile.encode(TombstoneFile.read(folder));
            })) {
                refused++;
            }
        }
        assertThat(refused).isBetween(300, 1470);
    }

    @Test
    void readsAnyChunkFile() throws Exception {
        Random random = new Random(3);
        byte[] good = new byte[300];
        ByteBuffer.wrap(good).putInt(ChunkFiles.MAGIC).put((byte) 1);
        for (int at = 8; at < 300; at += 73) {
            good[at] = 67;
            good[at + 1] = 1;
            CRC32C crc = new CRC32C();
            crc.update(good, at + 1, 68);
            ByteBuffer.wrap(good).putInt(at + 69, (int) crc.getValue());
        }
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] bad = damaged(random, good);
            long ref = random.nextInt(4) == 0 ? random.nextLong() >>> random.nextInt(64) : 8 + 73L * random.nextInt(4);
            if (isRefused(() -> {
                Files.write(folder.resolve("000001"), bad);
                new ChunkFiles(folder).find(ref).copyTo(new byte[400]);
            })) {
                refused++;
            }
        }
        assertThat(refused).isBetween(300, 960);
    }
}
