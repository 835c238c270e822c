package org.narthex.tsdb.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Encbuf;

import com.github.luben.zstd.ZstdCompressCtx;

/** Against the reference implementation, both ways. */
class ZstdTest {
    private static final long SEED = 31;

    @TempDir
    Path folder;

    private final Zstd zstd = new Zstd();

    @Test
    void writesWhatTheReferenceReads() {
        Random random = new Random(SEED);
        for (int round = 0; round < 300; round++) {
            byte[] input = input(random);
            int length = zstd.compress(input, input.length);
            assertThat(com.github.luben.zstd.Zstd.decompress(Arrays.copyOf(zstd.output(), length), input.length))
                    .as("seed %d, round %d", SEED, round)
                    .isEqualTo(input);
        }
    }

    @Test
    void readsWhatTheReferenceWrites() throws IOException {
        Random random = new Random(SEED);
        try (ZstdCompressCtx reference = new ZstdCompressCtx()) {
            for (int round = 0; round < 300; round++) {
                byte[] input = input(random);
                // With and without checksum and content size, at all levels: whatever a writer may choose.
                reference.setChecksum(round % 2 == 0);
                reference.setContentSize(round % 3 != 0);
                reference.setLevel(1 + round % 19);
                byte[] compressed = reference.compress(input);
                byte[] within = new byte[compressed.length + 10];
                System.arraycopy(compressed, 0, within, 5, compressed.length);
                int length = zstd.decompress("test", within, 5, compressed.length);
                assertThat(Arrays.copyOf(zstd.output(), length))
                        .as("seed %d, round %d", SEED, round)
                        .isEqualTo(input);
            }
        }
    }

    @Test
    void readsAFrameMadeByHand() throws IOException {
        // Magic, a single segment of 9 bytes; a raw block of 3 bytes; a last block of 6 times the same byte.
        byte[] frame = HexFormat.of().parseHex("28b52ffd" + "20" + "09" + "180000" + "616263" + "330000" + "78");
        int length = zstd.decompress("test", frame, 0, frame.length);
        assertThat(new String(zstd.output(), 0, length, StandardCharsets.US_ASCII))
                .isEqualTo("abcxxxxxx");
    }

    @Test
    void refusesDamagedBytesWithoutCrashing() {
        Random random = new Random(SEED);
        int refused = 0;
        for (int round = 0; round < 5000; round++) {
            byte[] input = input(random);
            byte[] compressed = com.github.luben.zstd.Zstd.compress(input);
            byte[] damaged = random.nextInt(4) == 0
                    ? Arrays.copyOf(compressed, 1 + random.nextInt(compressed.length))
                    : compressed.clone();
            for (int i = 0; i < 3; i++) {
                damaged[random.nextInt(Math.min(damaged.length, 80))] = (byte) random.nextInt();
            }
            try {
                zstd.decompress("test", damaged, 0, damaged.length);
            } catch (CorruptionException e) {
                assertThat(e).hasMessageContaining("zstd");
                refused++;
            }
        }
        assertThat(refused).as("seed %d", SEED).isGreaterThan(2500);
    }

    @Test
    void refusesASizeThatTheBlocksCannotHold() {
        // A content size of 2 GiB and one raw block of one byte.
        byte[] lie = HexFormat.of().parseHex("28b52ffd" + "a0" + "00000080" + "090000" + "61");
        assertThatThrownBy(() -> zstd.decompress("test", lie, 0, lie.length))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining("cannot hold 2147483648");
        assertThat(zstd.output().length).isLessThan(1 << 20);
    }

    @Test
    void refusesMoreThanARecordMayBe() {
        Encbuf bomb = new Encbuf(16);
        bomb.raw(HexFormat.of().parseHex("28b52ffd" + "0050"), 0, 6);
        // Runs of 128 KiB, four bytes each, 300 MiB in all, of which the frame does not tell.
        for (int i = 0; i < 2400; i++) {
            bomb.raw(HexFormat.of().parseHex(i == 2399 ? "03001000" : "02001000"), 0, 4);
        }
        assertThatThrownBy(() -> zstd.decompress("test", bomb.bytes(), 0, bomb.size()))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining("more than the 268435456 allowed");
        assertThat(zstd.output().length).isLessThan(1 << 20);
    }

    @Test
    void readsASegmentWhoseRecordsAreCompressedElsewhere() throws IOException {
        byte[] record = new byte[1000];
        Arrays.fill(record, (byte) 9);
        byte[] compressed = com.github.luben.zstd.Zstd.compress(record);
        Encbuf segment = new Encbuf(100);
        segment.u8(Wal.FULL | Wal.ZSTD);
        segment.be16(compressed.length);
        CRC32C crc = new CRC32C();
        crc.update(compressed);
        segment.be32((int) crc.getValue());
        segment.raw(compressed, 0, compressed.length);
        Path file = folder.resolve("00000000");
        Files.write(file, Arrays.copyOf(segment.bytes(), segment.size()));
        try (WalReader reader = new WalReader(file)) {
            assertThat(reader.next()).isTrue();
            assertThat(Arrays.copyOf(reader.record(), reader.length())).isEqualTo(record);
            assertThat(reader.next()).isFalse();
        }
    }

    private static byte[] input(Random random) {
        byte[] input = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 200_000 : 3000)];
        int kind = random.nextInt(4);
        for (int i = 0; i < input.length; i++) {
            input[i] = (byte)
                    switch (kind) {
                        case 0 -> 0;
                        case 1 -> random.nextInt();
                        case 2 ->
                            i > 50 && random.nextInt(8) != 0 ? input[i - 1 - random.nextInt(40)] : random.nextInt(4);
                        default -> i % 17;
                    };
        }
        return input;
    }
}
