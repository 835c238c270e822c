package org.narthex.tsdb.headchunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.tsdb.encoding.CorruptionException;

class HeadChunkFilesTest {
    private static final long SEED = 37;
    /** Two bytes of header, none of samples. */
    private static final byte[] DATA = {0, 3, 7};

    @TempDir
    Path folder;

    private final HeadChunk chunk = new HeadChunk();

    record Written(long ref, long series, long min, long max, int encoding, boolean outOfOrder, String data) {}

    private static Written of(long ref, HeadChunk chunk) {
        return new Written(
                ref,
                chunk.seriesRef(),
                chunk.minTimeMs(),
                chunk.maxTimeMs(),
                chunk.encoding(),
                chunk.isOutOfOrder(),
                HexFormat.of().formatHex(chunk.data(), 0, chunk.length()));
    }

    private HeadChunkFiles open() throws IOException {
        return open(HeadChunkFiles.FILE_BYTES);
    }

    private HeadChunkFiles open(int fileBytes) throws IOException {
        return new HeadChunkFiles(folder, HeadChunkScan.of(folder, (ref, read) -> {}), fileBytes);
    }

    private static Written write(HeadChunkFiles files, Random random) throws IOException {
        byte[] data = new byte[random.nextInt(random.nextInt(20) == 0 ? 5000 : 300)];
        random.nextBytes(data);
        long series = 1L + random.nextInt(1000);
        long min = random.nextLong() >> 8;
        long max = min + random.nextInt(1000);
        int encoding = random.nextInt(7);
        boolean outOfOrder = random.nextBoolean();
        byte[] longer = Arrays.copyOf(data, data.length + 3);
        long ref = files.write(series, min, max, encoding, outOfOrder, longer, data.length);
        return new Written(
                ref, series, min, max, encoding, outOfOrder, HexFormat.of().formatHex(data));
    }

    private List<Written> scanned() throws IOException {
        List<Written> read = new ArrayList<>();
        HeadChunkScan scan = HeadChunkScan.of(folder, (ref, found) -> read.add(of(ref, found)));
        assertThat(scan.damage()).isEmpty();
        assertThat(scan.chunks()).isEqualTo(read.size());
        return read;
    }

    /** Bytes after {@code tsdb/docs/format/head_chunks.md}; the CRC was computed by another implementation. */
    @Test
    void writesTheFormat() throws IOException {
        try (HeadChunkFiles files = open()) {
            long ref = files.write(5, 256, 511, 1, true, DATA, 3);
            assertThat(ref).isEqualTo(1L << 32 | 8);
        }
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(folder.resolve("000001"))))
                .isEqualTo("0130bc9101000000" + "0000000000000005" + "0000000000000100" + "00000000000001ff" + "81"
                        + "03" + "000307" + "08daf0e3");
    }

    @Test
    void readsChunksFromTheMomentTheyAreWrittenAndAfterOpeningAgain() throws IOException {
        Random random = new Random(SEED);
        List<Written> all = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            try (HeadChunkFiles files = open(20_000)) {
                for (int i = 0; i < 300; i++) {
                    all.add(write(files, random));
                    if (i % 50 == 0) {
                        files.flush();
                    }
                    Written any = all.get(random.nextInt(all.size()));
                    for (Written expected : List.of(any, all.get(all.size() - 1))) {
                        files.read(expected.ref(), chunk);
                        assertThat(of(expected.ref(), chunk)).isEqualTo(expected);
                    }
                }
                assertThat(files.size()).isEqualTo(onDisk(files));
                assertThat(files.fileCount()).isGreaterThan(3 * (round + 1));
            }
            assertThat(scanned()).isEqualTo(all);
        }
    }

    private long onDisk(HeadChunkFiles files) throws IOException {
        files.flush();
        long size = 0;
        for (HeadChunkFormat.NumberedFile file : HeadChunkFormat.files(folder)) {
            size += Files.size(file.path());
        }
        return size;
    }

    @Test
    void mapsWhatNoLongerFitsIntoMemory() throws IOException {
        byte[] data = new byte[1 << 20];
        List<Long> refs = new ArrayList<>();
        try (HeadChunkFiles files = open()) {
            for (int i = 0; i < 20; i++) {
                Arrays.fill(data, (byte) i);
                // The last is longer than all that is kept in memory.
                byte[] written = i < 19 ? data : Arrays.copyOf(data, 5 << 20);
                refs.add(files.write(1, i, i, 1, false, written, written.length));
                for (int j = 0; j <= i; j++) {
                    files.read(refs.get(j), chunk);
                    assertThat(chunk.minTimeMs()).isEqualTo(j);
                    assertThat(chunk.data()[1000]).isEqualTo((byte) j);
                }
            }
            assertThat(chunk.data().length).isGreaterThanOrEqualTo((5 << 20) + HeadChunk.PADDING);
        }
        assertThat(scanned()).hasSize(20);
    }

    @Test
    void neverAppendsToAFileThatWasThereBefore() throws IOException {
        for (int i = 1; i <= 3; i++) {
            try (HeadChunkFiles files = open()) {
                assertThat(files.fileNumber()).isEqualTo(i);
                assertThat(files.write(1, i, i, 1, false, DATA, 3) >>> 32).isEqualTo(i);
            }
        }
        assertThat(scanned()).hasSize(3);
    }

    @Test
    void tellsTheNumberOfSamplesOfAllEncodings() throws IOException {
        try (HeadChunkFiles files = open()) {
            files.read(files.write(1, 1, 1, 1, false, DATA, 3), chunk);
            assertThat(chunk.samples()).isEqualTo(3);
            files.read(files.write(1, 1, 1, 5, false, new byte[] {(byte) 0x80, 4, 0}, 3), chunk);
            assertThat(chunk.samples()).isEqualTo(4);
            files.read(files.write(1, 1, 1, 1, false, new byte[0], 0), chunk);
            assertThat(chunk.samples()).isZero();
        }
    }

    @Test
    void findsTheSoundChunksBeforeATornTailAtEveryByte() throws IOException {
        List<Long> ends = new ArrayList<>();
        try (HeadChunkFiles files = open()) {
            for (int i = 0; i < 5; i++) {
                files.write(1 + i, i, i, 1, false, DATA, 3);
                ends.add(files.size());
            }
        }
        Path file = folder.resolve("000001");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            long sound = ends.stream().filter(new Bound(length)::reaches).count();
            long soundBytes = sound > 0 ? ends.get((int) sound - 1) : length < 8 ? 0 : 8;
            HeadChunkScan scan = HeadChunkScan.of(folder, (ref, read) -> {});
            assertThat(scan.chunks()).as("cut at %d", length).isEqualTo(sound);
            // A series reference begins with zeros, and these alone are no damage.
            boolean isPadding = true;
            for (long i = soundBytes; i < length; i++) {
                isPadding &= whole[(int) i] == 0;
            }
            assertThat(scan.damage().isPresent()).as("cut at %d", length).isEqualTo(!isPadding);
            scan.damage().ifPresent(damage -> {
                assertThat(damage.file()).isEqualTo(file);
                assertThat(damage.soundBytes()).isEqualTo(soundBytes);
                assertThat(damage.why().getMessage()).contains(file.toString());
            });
        }
    }

    private record Bound(long length) {
        boolean reaches(long end) {
            return end <= length;
        }
    }

    @Test
    void endsAtTheFirstDamageAndNamesWhatComesAfter() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (HeadChunkFiles files = open()) {
                files.write(1, i, i, 1, false, DATA, 3);
                files.write(2, i, i, 1, false, DATA, 3);
            }
        }
        Path second = folder.resolve("000002");
        try (RandomAccessFile file = new RandomAccessFile(second.toFile(), "rw")) {
            file.seek(file.length() - 6);
            file.write(0x55);
        }
        List<Long> refs = new ArrayList<>();
        HeadChunkScan scan = HeadChunkScan.of(folder, (ref, read) -> refs.add(ref));
        HeadChunkScan.Damage damage = scan.damage().orElseThrow();
        assertThat(refs).containsExactly(1L << 32 | 8, 1L << 32 | 41, 2L << 32 | 8);
        assertThat(damage.file()).isEqualTo(second);
        assertThat(damage.soundBytes()).isEqualTo(41);
        assertThat(damage.why()).hasMessageContaining("checksum");
        assertThat(damage.later()).containsExactly(folder.resolve("000003"));
        // As the caller would: the tail goes, and what comes later.
        try (RandomAccessFile file = new RandomAccessFile(second.toFile(), "rw")) {
            file.setLength(41);
        }
        Files.delete(folder.resolve("000003"));
        try (HeadChunkFiles files = new HeadChunkFiles(folder, scan)) {
            files.read(refs.get(2), chunk);
            assertThat(files.write(1, 9, 9, 1, false, DATA, 3) >>> 32).isEqualTo(3);
        }
        assertThat(scanned()).hasSize(4);
    }

    @Test
    void leavesFilesAloneThatTheScanDidNotComeTo() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (HeadChunkFiles files = open()) {
                files.write(1, i, i, 1, false, DATA, 3);
            }
        }
        byte[] damaged = Files.readAllBytes(folder.resolve("000001"));
        damaged[20] ^= 1;
        Files.write(folder.resolve("000001"), damaged);
        try (HeadChunkFiles files = open()) {
            assertThat(files.write(1, 9, 9, 1, false, DATA, 3) >>> 32).isEqualTo(3);
        }
        assertThat(folder.resolve("000002")).exists();
    }

    @Test
    void takesZerosAtTheEndForNothing() throws IOException {
        try (HeadChunkFiles files = open()) {
            files.write(1, 1, 1, 1, false, DATA, 3);
        }
        Files.write(folder.resolve("000001"), new byte[100_000], StandardOpenOption.APPEND);
        assertThat(scanned()).hasSize(1);
    }

    @Test
    void removesAFileThatNothingWasWrittenTo() throws IOException {
        try (HeadChunkFiles files = open()) {
            files.write(1, 1, 1, 1, false, DATA, 3);
        }
        Files.write(folder.resolve("000002"), new byte[0]);
        Files.write(folder.resolve("000003"), new byte[4096]);
        try (HeadChunkFiles files = open()) {
            assertThat(files.fileNumber()).isEqualTo(2);
            assertThat(folder.resolve("000002")).doesNotExist();
            assertThat(folder.resolve("000003")).doesNotExist();
        }
    }

    @Test
    void deletesFromTheFrontOnly() throws IOException {
        long[] times = {10, 30, 20};
        List<Long> refs = new ArrayList<>();
        try (HeadChunkFiles files = open()) {
            for (long time : times) {
                refs.add(files.write(1, time, time, 1, false, DATA, 3));
                files.cut();
            }
            long kept = files.write(1, 5, 5, 1, false, DATA, 3);
            assertThat(files.deleteBefore(25)).isEqualTo(1);
            assertThatThrownBy(() -> files.read(refs.get(0), chunk))
                    .isInstanceOf(CorruptionException.class)
                    .hasMessageContaining("was deleted");
            files.read(refs.get(1), chunk);
            // The file being written stays, whatever is in it.
            assertThat(files.deleteBefore(Long.MAX_VALUE)).isEqualTo(2);
            files.read(kept, chunk);
            assertThat(files.fileCount()).isEqualTo(1);
            files.cut();
            assertThat(files.deleteBelow(4)).isZero();
            assertThat(files.deleteBelow(5)).isEqualTo(1);
            assertThat(files.size()).isZero();
            assertThat(files.write(1, 5, 5, 1, false, DATA, 3) >>> 32).isEqualTo(5);
        }
    }

    @Test
    void refusesPlacesWhereNoChunkBegins() throws IOException {
        try (HeadChunkFiles files = open()) {
            long ref = files.write(1, 1, 1, 1, false, DATA, 3);
            for (long wrong : new long[] {ref + 1, ref - 8, 0, -1, ref + 1000, 7L << 32 | 8}) {
                assertThatThrownBy(() -> files.read(wrong, chunk)).isInstanceOf(CorruptionException.class);
            }
            files.cut();
            for (long wrong : new long[] {ref + 1, ref - 8, ref + 1000}) {
                assertThatThrownBy(() -> files.read(wrong, chunk)).isInstanceOf(CorruptionException.class);
            }
        }
    }

    @Test
    void refusesMutatedFilesWithNothingButDamage() throws IOException {
        Random random = new Random(SEED);
        try (HeadChunkFiles files = open()) {
            for (int i = 0; i < 20; i++) {
                write(files, random);
            }
        }
        Path file = folder.resolve("000001");
        byte[] whole = Files.readAllBytes(file);
        for (int round = 0; round < 500; round++) {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length));
            for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            HeadChunkScan scan = HeadChunkScan.of(
                    folder, (ref, read) -> assertThat(read.length()).isLessThan(whole.length));
            int kept = (int) scan.damage()
                    .map(HeadChunkScan.Damage::soundBytes)
                    .orElse((long) damaged.length)
                    .longValue();
            assertThat(Arrays.mismatch(whole, 0, kept, damaged, 0, kept) + 1)
                    .as("seed %d, round %d: a change in what counts as sound", SEED, round)
                    .isLessThanOrEqualTo(HeadChunkFormat.HEADER);
        }
    }

    @Test
    void letsManyReadWhileOneWrites() throws Exception {
        int count = 3000;
        AtomicLongArray refs = new AtomicLongArray(count);
        AtomicInteger written = new AtomicInteger();
        ExecutorService readers = Executors.newFixedThreadPool(2);
        try (HeadChunkFiles files = open(200_000)) {
            List<Future<?>> running = new ArrayList<>();
            for (int r = 0; r < 2; r++) {
                Random random = new Random(SEED + r);
                running.add(readers.submit(() -> {
                    HeadChunk own = new HeadChunk();
                    while (written.get() < count) {
                        int bound = written.get();
                        if (bound > 0) {
                            int i = random.nextInt(bound);
                            files.read(refs.get(i), own);
                            assertThat(own.minTimeMs()).isEqualTo(i);
                            assertThat(own.data()[own.length() - 1]).isEqualTo((byte) i);
                        }
                    }
                    return null;
                }));
            }
            byte[] data = new byte[2000];
            for (int i = 0; i < count; i++) {
                int length = 2 + i % 1900;
                data[length - 1] = (byte) i;
                refs.set(i, files.write(1 + i, i, i, 1, false, data, length));
                written.set(i + 1);
            }
            for (Future<?> reader : running) {
                reader.get();
            }
        } finally {
            readers.shutdownNow();
        }
    }
}
