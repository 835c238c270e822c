package org.narthex.tsdb.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.MetricType;
import org.narthex.tsdb.encoding.CorruptionException;

/** Series 1 is kept and series 2 is not; what is before 100 ms is in blocks. */
class CheckpointTest {
    private static final Histogram INTEGERS = Histogram.stale(false);
    private static final Histogram FLOATS = Histogram.stale(true);
    private static final Metadata COUNTER = new Metadata(MetricType.COUNTER, "s", "old");
    private static final Metadata GAUGE = new Metadata(MetricType.GAUGE, "", "new");

    @TempDir
    Path folder;

    private final WalEncoder encoder = new WalEncoder();
    private WalWriter writer;

    @BeforeEach
    void open() throws IOException {
        writer = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.SNAPPY);
    }

    private void add() throws IOException {
        writer.add(encoder.bytes(), encoder.size());
    }

    private List<Object> shorten() throws IOException {
        writer.cut();
        writer.cut();
        writer.close();
        Checkpoint.write(folder, 1, 4 * Wal.PAGE, WalCompression.SNAPPY, ref -> ref == 1, 100, Long.MAX_VALUE);
        assertThat(Wal.segments(folder)).extracting(Wal.Segment::index).containsExactly(2);
        return read(Wal.newestCheckpoint(folder).orElseThrow().file());
    }

    private static List<Object> read(Path segments) throws IOException {
        RecordLog log = new RecordLog();
        for (Wal.Segment segment : Wal.segments(segments)) {
            try (WalReader reader = new WalReader(segment.file())) {
                while (reader.next()) {
                    new WalDecoder().decode(reader.record(), reader.length(), log);
                }
            }
        }
        return log.entries;
    }

    @Test
    void keepsOfMixedRecordsWhatIsStillNeeded() throws IOException {
        List<Object> kept = new ArrayList<>();
        encoder.start(WalRecord.SERIES);
        encoder.series(1, Labels.of("a", "1"));
        encoder.series(2, Labels.of("a", "2"));
        add();
        kept.add(new RecordLog.Series(1, Labels.of("a", "1")));
        for (int type : new int[] {WalRecord.SAMPLES, WalRecord.SAMPLES_V2}) {
            encoder.start(type);
            encoder.sample(1, 99, 0, 5);
            encoder.sample(1, 100, 50, 6);
            encoder.sample(2, 101, 50, 7);
            add();
            long start = type == WalRecord.SAMPLES ? 0 : 50;
            kept.add(new RecordLog.Sample(1, 100, start, 6));
            kept.add(new RecordLog.Sample(2, 101, start, 7));
        }
        for (int type : new int[] {7, 8, 9, 10, 12, 13}) {
            Histogram histogram = WalRecord.isFloatHistograms(type) ? FLOATS : INTEGERS;
            encoder.start(type);
            encoder.histogram(1, 99, 0, histogram);
            encoder.histogram(1, 100, 0, histogram);
            add();
            kept.add(new RecordLog.HistogramSample(1, 100, 0, histogram));
        }
        encoder.start(WalRecord.EXEMPLARS);
        encoder.exemplar(1, new Exemplar(Labels.of("t", "1"), 1, 99));
        encoder.exemplar(1, new Exemplar(Labels.of("t", "2"), 1, 100));
        add();
        kept.add(new RecordLog.ExemplarOf(1, new Exemplar(Labels.of("t", "2"), 1, 100)));
        encoder.start(WalRecord.TOMBSTONES);
        encoder.tombstone(1, 0, 99);
        encoder.tombstone(1, 0, 100);
        encoder.tombstone(2, 0, 100);
        add();
        kept.add(new RecordLog.Tombstone(1, 0, 100));
        assertThat(shorten()).isEqualTo(kept);
    }

    @Test
    void keepsTheLatestMetadataOfEachSeries() throws IOException {
        encoder.start(WalRecord.METADATA);
        encoder.metadata(1, COUNTER);
        encoder.metadata(2, COUNTER);
        add();
        encoder.start(WalRecord.METADATA);
        encoder.metadata(1, GAUGE);
        add();
        assertThat(shorten()).containsExactly(new RecordLog.MetadataOf(1, GAUGE));
    }

    @Test
    void copiesWholeRecordsAndThoseItCannotReadAndDropsEmptyOnes() throws IOException {
        encoder.start(WalRecord.SAMPLES);
        for (int i = 0; i < 5000; i++) {
            encoder.sample(i, 100 + i, 0, i);
        }
        add();
        byte[] unknown = {77, 1, 2, 3};
        writer.add(unknown, 4);
        byte[] senseless = {WalRecord.TOMBSTONES, 1};
        writer.add(senseless, 2);
        encoder.start(WalRecord.SAMPLES);
        encoder.sample(1, 99, 0, 1);
        add();
        writer.flush();
        byte[] before = Files.readAllBytes(Wal.segmentFile(folder, 0));
        writer.cut();
        writer.cut();
        writer.close();
        Checkpoint.write(folder, 1, 4 * Wal.PAGE, WalCompression.NONE, ref -> true, 100, Long.MAX_VALUE);
        byte[] after = Files.readAllBytes(
                Wal.segmentFile(Wal.newestCheckpoint(folder).orElseThrow().file(), 0));
        // The last record is gone, and not a byte of the others has changed: they are as compressed as they were.
        assertThat(after).hasSizeLessThan(before.length).isEqualTo(Arrays.copyOf(before, after.length));
    }

    @Test
    void leavesTheLogAsItIsWhereASourceIsDamaged() throws IOException {
        encoder.start(WalRecord.SERIES);
        encoder.series(1, Labels.of("a", "1"));
        add();
        assertThat(shorten()).hasSize(1);
        Path checkpoint = Wal.newestCheckpoint(folder).orElseThrow().file();
        Path part = Wal.segmentFile(checkpoint, 0);
        byte[] damaged = Files.readAllBytes(part);
        damaged[10] ^= 1;
        Files.write(part, damaged);
        assertThatThrownBy(() ->
                        Checkpoint.write(folder, 2, 4 * Wal.PAGE, WalCompression.NONE, ref -> true, 0, Long.MAX_VALUE))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining(part.toString());
        assertThat(Wal.newestCheckpoint(folder).orElseThrow().file()).isEqualTo(checkpoint);
        assertThat(Wal.segments(folder)).hasSize(1);
    }

    @Test
    void dropsOlderSegmentsOfALogWithoutCheckpoints() throws IOException {
        writer.cut();
        writer.cut();
        writer.close();
        Wal.deleteSegmentsBelow(folder, 1);
        assertThat(Wal.segments(folder)).extracting(Wal.Segment::index).containsExactly(1, 2);
    }
}
