package org.narthex.tsdb.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.narthex.tsdb.encoding.CorruptionException;

class WalTest {
    private static final long SEED = 3;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void givesBackRecordsOfAnySize(WalCompression compression) throws IOException {
        Random random = new Random(SEED);
        List<byte[]> written = new ArrayList<>();
        try (WalWriter writer = new WalWriter(folder, 4 * Wal.PAGE, compression)) {
            for (int i = 0; i < 400; i++) {
                byte[] record = new byte[1 + random.nextInt(i % 40 == 0 ? 200_000 : 2000)];
                if (i % 3 == 0) {
                    random.nextBytes(record);
                } else {
                    Arrays.fill(record, (byte) i);
                }
                writer.add(record, record.length);
                written.add(record);
                if (i % 5 == 0) {
                    writer.flush();
                }
            }
        }
        assertThat(Wal.segments(folder).size()).isGreaterThan(3);
        assertThat(readAll()).usingElementComparator(Arrays::compare).containsExactlyElementsOf(written);
    }

    @Test
    void fillsPagesToTheLastByte() throws IOException {
        // Ends with every number of bytes left in the page from 0 to 20, and goes on.
        List<byte[]> written = new ArrayList<>();
        try (WalWriter writer = new WalWriter(folder, 64 * Wal.PAGE, WalCompression.NONE)) {
            for (int left = 0; left <= 20; left++) {
                byte[] filler = new byte[Wal.PAGE - 7 - left];
                Arrays.fill(filler, (byte) 1);
                byte[] next = new byte[Wal.PAGE - 7 + left];
                Arrays.fill(next, (byte) 2);
                for (byte[] record : List.of(filler, next)) {
                    writer.add(record, record.length);
                    written.add(record);
                }
                writer.flush();
                writer.cut();
            }
        }
        assertThat(readAll()).usingElementComparator(Arrays::compare).containsExactlyElementsOf(written);
    }

    @Test
    void findsTheSoundRecordsBeforeATornTailAtEveryByte() throws IOException {
        List<Long> ends = new ArrayList<>();
        try (WalWriter writer = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.NONE)) {
            for (int i = 0; i < 40; i++) {
                byte[] record = new byte[1 + i * 3];
                Arrays.fill(record, (byte) (i + 1));
                writer.add(record, record.length);
                writer.flush();
                ends.add(Files.size(Wal.segmentFile(folder, 0)));
            }
        }
        byte[] whole = Files.readAllBytes(Wal.segmentFile(folder, 0));
        Path torn = folder.resolve("torn");
        for (int length = 0; length < whole.length; length++) {
            Files.write(torn, Arrays.copyOf(whole, length));
            int sound = 0;
            long soundEnd = 0;
            while (sound < ends.size() && ends.get(sound) <= length) {
                soundEnd = ends.get(sound++);
            }
            int read = 0;
            boolean damaged = false;
            try (WalReader reader = new WalReader(torn)) {
                try {
                    while (reader.next()) {
                        read++;
                    }
                } catch (CorruptionException e) {
                    damaged = true;
                    assertThat(reader.recordStart()).isEqualTo(soundEnd);
                }
            }
            assertThat(read).as("cut at %d", length).isEqualTo(sound);
            assertThat(damaged).as("cut at %d", length).isEqualTo(length != soundEnd);
        }
    }

    @Test
    void noticesEveryFlippedBit() throws IOException {
        try (WalWriter writer = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.NONE)) {
            byte[] record = new byte[50];
            Arrays.fill(record, (byte) 0x5a);
            for (int i = 0; i < 3; i++) {
                writer.add(record, record.length);
            }
            writer.flush();
        }
        byte[] whole = Files.readAllBytes(Wal.segmentFile(folder, 0));
        Path flipped = folder.resolve("flipped");
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(flipped, damaged);
            int same = 0;
            try (WalReader reader = new WalReader(flipped)) {
                while (reader.next()) {
                    same += reader.length() == 50 && reader.record()[0] == 0x5a && reader.record()[49] == 0x5a ? 1 : 0;
                }
                // The reserved bits of the type byte mean nothing yet.
                assertThat(bit % 8 >= 5 && bit / 8 % 57 == 0).as("bit %d", bit).isTrue();
            } catch (CorruptionException e) {
                assertThat(same).isLessThan(3);
            }
        }
    }

    @Test
    void refusesMutatedSegmentsWithNothingButACorruption() throws IOException {
        Random random = new Random(SEED);
        for (WalCompression compression : WalCompression.values()) {
            Path own = folder.resolve(compression.name());
            try (WalWriter writer = new WalWriter(own, 64 * Wal.PAGE, compression)) {
                for (int i = 0; i < 60; i++) {
                    byte[] record = new byte[i * 40];
                    Arrays.fill(record, record.length / 2, record.length, (byte) i);
                    writer.add(record, record.length);
                }
            }
            byte[] whole = Files.readAllBytes(Wal.segmentFile(own, 0));
            Path mutated = own.resolve("mutated");
            for (int round = 0; round < 300; round++) {
                byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length));
                for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                Files.write(mutated, damaged);
                try (WalReader reader = new WalReader(mutated)) {
                    while (reader.next()) {
                        assertThat(reader.length()).isLessThan(60 * 40);
                    }
                } catch (CorruptionException e) {
                    assertThat(e).as("seed %d, round %d", SEED, round).hasMessageContaining(mutated.toString());
                }
            }
        }
    }

    @Test
    void startsANewSegmentAfterThoseThatAreThere() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (WalWriter writer = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.SNAPPY)) {
                assertThat(writer.segment()).isEqualTo(i);
                writer.add(new byte[] {1, 2, 3}, 3);
            }
        }
        assertThat(readAll()).hasSize(3);
    }

    @Test
    void padsNothingThatAShortLastPageNeeds() throws IOException {
        try (WalWriter writer = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.SNAPPY)) {
            writer.add(new byte[] {1}, 1);
            writer.flush();
            try (RandomAccessFile file =
                    new RandomAccessFile(Wal.segmentFile(folder, 0).toFile(), "r")) {
                assertThat(file.length()).isEqualTo(8);
            }
        }
    }

    private List<byte[]> readAll() throws IOException {
        List<byte[]> records = new ArrayList<>();
        for (Wal.Segment segment : Wal.segments(folder)) {
            try (WalReader reader = new WalReader(segment.file())) {
                while (reader.next()) {
                    records.add(Arrays.copyOf(reader.record(), reader.length()));
                }
            }
        }
        return records;
    }
}
