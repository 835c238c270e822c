package org.narthex.tsdb.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.tsdb.encoding.CorruptionException;

/** Golden bytes are worked out by hand from the record's layout. */
class ChunkSnapshotTest {
    private static final long SEED = 41;
    private static final String FLOATS = "01 0000000000000005 01 0161 0162 0000000000000000 01"
            + "0000000000000064 00000000000000c8 01 03 000102"
            + "00000000000000000000000000000000 00000000000000000000000000000000 00000000000000000000000000000000"
            + "0000000000000000 4000000000000000";
    private static final String HISTOGRAMS = "01 0000000000000006 00 0000000000000000 01"
            + "0000000000000064 00000000000000c8 02 02 0001"
            + "00 00 0000000000000000 00 01 3ff0000000000000 01 00 01 00 01 02 00";
    private static final String CLOSED = "01 0000000000000007 01 0161 0163 0000000000006ddd 00";
    private static final String TOMBSTONES = "02 07 01 05 02 04 06 00 01";
    private static final String EXEMPLARS = "03 0000000000000005 0000000000000064 00 00 3ff0000000000000 01 0174 0131";

    @TempDir
    Path folder;

    private static final class Log implements ChunkSnapshot.Sink {
        final List<String> entries = new ArrayList<>();

        @Override
        public void series(long ref, Labels labels) {
            entries.add(ref + " " + labels);
        }

        @Override
        public void floats(
                long ref,
                Labels labels,
                long minTimeMs,
                long maxTimeMs,
                int encoding,
                byte[] chunk,
                int length,
                long lastValueBits) {
            assertThat(chunk.length).isGreaterThanOrEqualTo(length + 64);
            entries.add(ref + " " + labels + " " + minTimeMs + "-" + maxTimeMs + " " + encoding + " "
                    + HexFormat.of().formatHex(chunk, 0, length) + " " + Double.longBitsToDouble(lastValueBits));
        }

        @Override
        public void histograms(
                long ref,
                Labels labels,
                long minTimeMs,
                long maxTimeMs,
                int encoding,
                byte[] chunk,
                int length,
                Histogram last) {
            entries.add(ref + " " + labels + " " + minTimeMs + "-" + maxTimeMs + " " + encoding + " "
                    + HexFormat.of().formatHex(chunk, 0, length) + " " + last);
        }

        @Override
        public void tombstone(long ref, long minTimeMs, long maxTimeMs) {
            entries.add("tombstone " + ref + " " + minTimeMs + "-" + maxTimeMs);
        }

        @Override
        public void exemplar(long ref, Exemplar exemplar) {
            entries.add("exemplar " + ref + " " + exemplar.timestampMs() + " " + exemplar.labels());
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    private Path write(String name, String... records) throws IOException {
        Path snapshot = folder.resolve(name);
        try (WalWriter writer = new WalWriter(snapshot, 4 * Wal.PAGE, WalCompression.SNAPPY)) {
            for (String record : records) {
                writer.add(bytes(record), bytes(record).length);
            }
        }
        return snapshot;
    }

    @Test
    void readsSeriesWithTheirOpenChunksTombstonesAndExemplars() throws IOException {
        write("chunk_snapshot.000012.0000004096", CLOSED, FLOATS, HISTOGRAMS, TOMBSTONES, EXEMPLARS);
        ChunkSnapshot snapshot = ChunkSnapshot.newestFirst(folder).get(0);
        assertThat(snapshot.segment()).isEqualTo(12);
        assertThat(snapshot.offset()).isEqualTo(4096);
        Log log = new Log();
        snapshot.read(log);
        assertThat(log.entries)
                .containsExactly(
                        "7 {a=\"c\"}",
                        "5 {a=\"b\"} 100-200 1 000102 2.0",
                        "6 {} 100-200 2 0001 integer histogram, schema 0, count 1, sum 1",
                        "tombstone 5 1-2",
                        "tombstone 6 0--1",
                        "exemplar 5 100 {t=\"1\"}");
    }

    @Test
    void findsTheNewestAndPassesOverWhatIsNoSnapshot() throws IOException {
        for (String name : List.of(
                "chunk_snapshot.000002.0000000009",
                "chunk_snapshot.000010.0000000001",
                "chunk_snapshot.000010.0000000002",
                "chunk_snapshot.000011.0000000002.tmp",
                "chunk_snapshot.000012")) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.createFile(folder.resolve("chunk_snapshot.000013.0000000001"));
        assertThat(ChunkSnapshot.newestFirst(folder))
                .extracting(snapshot -> snapshot.segment() + "/" + snapshot.offset())
                .containsExactly("10/2", "10/1", "2/9");
        assertThat(ChunkSnapshot.newestFirst(folder.resolve("missing"))).isEmpty();
    }

    @Test
    void refusesADamagedSnapshotNamingTheFile() throws IOException {
        Path damaged = write("chunk_snapshot.000001.0000000001", FLOATS, "09 01");
        assertThatThrownBy(() -> ChunkSnapshot.newestFirst(folder).get(0).read(new Log()))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining(damaged.resolve("00000000").toString())
                .hasMessageContaining("unknown type 9");
    }

    @Test
    void refusesMutatedRecordsWithNothingButACorruption() {
        Random random = new Random(SEED);
        List<byte[]> records =
                List.of(bytes(CLOSED), bytes(FLOATS), bytes(HISTOGRAMS), bytes(TOMBSTONES), bytes(EXEMPLARS));
        WalDecoder decoder = new WalDecoder();
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] sound = records.get(round % records.size());
            byte[] damaged = Arrays.copyOf(sound, 1 + random.nextInt(sound.length));
            for (int i = random.nextInt(3); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) (random.nextInt(3) == 0 ? 0xff : random.nextInt());
            }
            try {
                ChunkSnapshot.decode(decoder, damaged, damaged.length, new Log());
            } catch (CorruptionException e) {
                refused++;
            }
        }
        assertThat(refused).as("seed %d", SEED).isGreaterThan(10_000);
    }
}
