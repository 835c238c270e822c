package org.narthex.tsdb.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.MetricType;
import org.narthex.tsdb.encoding.CorruptionException;

/** Golden bytes are worked out by hand from {@code tsdb/docs/format/wal.md}. */
class WalRecordTest {
    private static final long SEED = 29;
    private static final long ONE = Double.doubleToRawLongBits(1);
    private static final long TWO = Double.doubleToRawLongBits(2);

    private final WalEncoder encoder = new WalEncoder();
    private final WalDecoder decoder = new WalDecoder();

    static IntStream types() {
        return IntStream.rangeClosed(1, 13);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    private void expect(String hex, Object... entries) throws CorruptionException {
        byte[] golden = bytes(hex);
        assertThat(Arrays.copyOf(encoder.bytes(), encoder.size())).isEqualTo(golden);
        assertThat(decode(golden)).containsExactly(entries);
    }

    private List<Object> decode(byte[] record) throws CorruptionException {
        RecordLog log = new RecordLog();
        decoder.decode(record, record.length, log);
        return log.entries;
    }

    @Test
    void writesSeries() throws CorruptionException {
        encoder.start(WalRecord.SERIES);
        encoder.series(258, Labels.of("a", "xy", "b", "é"));
        expect(
                "01 0000000000000102 02 0161 027879 0162 02c3a9",
                new RecordLog.Series(258, Labels.of("a", "xy", "b", "é")));
    }

    @Test
    void writesSamplesAsSignedDifferencesToTheFirst() throws CorruptionException {
        encoder.start(WalRecord.SAMPLES);
        encoder.sample(10, 1000, 0, ONE);
        encoder.sample(9, 1064, 0, TWO);
        expect(
                "02 000000000000000a 00000000000003e8 00 00 3ff0000000000000 01 8001 4000000000000000",
                new RecordLog.Sample(10, 1000, 0, ONE),
                new RecordLog.Sample(9, 1064, 0, TWO));
    }

    @Test
    void writesTombstones() throws CorruptionException {
        encoder.start(WalRecord.TOMBSTONES);
        encoder.tombstone(1, -1, 2);
        expect("03 0000000000000001 01 04", new RecordLog.Tombstone(1, -1, 2));
    }

    @Test
    void writesExemplars() throws CorruptionException {
        encoder.start(WalRecord.EXEMPLARS);
        encoder.exemplar(7, new Exemplar(Labels.of("t", "1"), 1, 5));
        encoder.exemplar(8, new Exemplar(Labels.EMPTY, 2, 4));
        expect(
                "04 0000000000000007 0000000000000005 00 00 3ff0000000000000 01 0174 0131 02 01 4000000000000000 00",
                new RecordLog.ExemplarOf(7, new Exemplar(Labels.of("t", "1"), 1, 5)),
                new RecordLog.ExemplarOf(8, new Exemplar(Labels.EMPTY, 2, 4)));
    }

    @Test
    void writesMarkersOfMappedChunks() throws CorruptionException {
        encoder.start(WalRecord.MMAP_MARKERS);
        encoder.mmapMarker(3, 1L << 32 | 8);
        expect("05 0000000000000003 0000000100000008", new RecordLog.Marker(3, 1L << 32 | 8));
    }

    @Test
    void writesMetadata() throws CorruptionException {
        Metadata metadata = new Metadata(MetricType.SUMMARY, "s", "hi");
        encoder.start(WalRecord.METADATA);
        encoder.metadata(300, metadata);
        expect("06 ac02 05 02 04554e4954 0173 0448454c50 026869", new RecordLog.MetadataOf(300, metadata));
    }

    @Test
    void passesOverFieldsAndTypesOfMetadataItDoesNotKnow() throws CorruptionException {
        assertThat(decode(bytes("06 01 09 03 0158 0179 0448454c50 0168 0159 00 02 01 00")))
                .containsExactly(
                        new RecordLog.MetadataOf(1, new Metadata(MetricType.UNKNOWN, "", "h")),
                        new RecordLog.MetadataOf(2, new Metadata(MetricType.COUNTER, "", "")));
    }

    private static Histogram integers(int schema, double... bounds) {
        return Histogram.ofIntegers(
                Histogram.ResetHint.NOT_RESET,
                schema,
                bounds.length > 0 ? 0 : 1,
                bounds.length > 0 ? 0 : 2,
                300,
                2,
                new int[] {-1, 2, 3, 1},
                new long[] {4, 2, 130},
                bounds.length > 0 ? new int[0] : new int[] {0, 1},
                bounds.length > 0 ? new long[0] : new long[] {5},
                bounds);
    }

    private static final String INTEGERS =
            "02 02 3ff0000000000000 02 ac02 4000000000000000" + "02 01 02 06 01  01 00 01  03 08 03 8002  01 0a";

    @Test
    void writesHistogramsOfWholeNumbersWithDifferencesBetweenBuckets() throws CorruptionException {
        encoder.start(WalRecord.HISTOGRAMS);
        encoder.histogram(1, 2, 0, integers(1));
        expect(
                "07 0000000000000001 0000000000000002 00 00" + INTEGERS,
                new RecordLog.HistogramSample(1, 2, 0, integers(1)));
    }

    private static final Histogram FLOATS = Histogram.ofFloats(
            Histogram.ResetHint.GAUGE,
            -1,
            0,
            1,
            2,
            1,
            new int[] {0, 1},
            new double[] {2},
            new int[0],
            new double[0],
            new double[0]);
    private static final String FLOATS_BODY =
            "03 01 0000000000000000 3ff0000000000000 4000000000000000 3ff0000000000000"
                    + "01 00 01  00  01 4000000000000000  00";

    @Test
    void writesHistogramsOfFloats() throws CorruptionException {
        encoder.start(WalRecord.FLOAT_HISTOGRAMS);
        encoder.histogram(1, 2, 0, FLOATS);
        expect(
                "08 0000000000000001 0000000000000002 00 00" + FLOATS_BODY,
                new RecordLog.HistogramSample(1, 2, 0, FLOATS));
    }

    @Test
    void writesCustomBoundsBehindTheBuckets() throws CorruptionException {
        Histogram custom = integers(-53, 1, 2);
        assertThat(WalEncoder.typeOf(custom)).isEqualTo(WalRecord.CUSTOM_HISTOGRAMS);
        encoder.start(WalRecord.CUSTOM_HISTOGRAMS);
        encoder.histogram(1, 2, 0, custom);
        expect(
                "09 0000000000000001 0000000000000002 00 00 02 69 0000000000000000 00 ac02 4000000000000000"
                        + "02 01 02 06 01  00  03 08 03 8002  00  02 3ff0000000000000 4000000000000000",
                new RecordLog.HistogramSample(1, 2, 0, custom));
    }

    @Test
    void writesCustomBoundsOfFloats() throws CorruptionException {
        Histogram custom = Histogram.ofFloats(
                Histogram.ResetHint.UNKNOWN,
                -53,
                0,
                0,
                2,
                1,
                new int[] {1, 1},
                new double[] {2},
                new int[0],
                new double[0],
                new double[] {1});
        assertThat(WalEncoder.typeOf(custom)).isEqualTo(WalRecord.CUSTOM_FLOAT_HISTOGRAMS);
        encoder.start(WalRecord.CUSTOM_FLOAT_HISTOGRAMS);
        encoder.histogram(1, 2, 0, custom);
        expect(
                "0a 0000000000000001 0000000000000002 00 00 00 69 0000000000000000 0000000000000000 4000000000000000"
                        + "3ff0000000000000 01 02 01  00  01 4000000000000000  00  01 3ff0000000000000",
                new RecordLog.HistogramSample(1, 2, 0, custom));
    }

    @Test
    void writesStartTimestampsAsMarkers() throws CorruptionException {
        encoder.start(WalRecord.SAMPLES_V2);
        encoder.sample(10, 1000, 900, ONE);
        encoder.sample(12, 1001, 900, TWO);
        encoder.sample(11, 1002, 0, ONE);
        encoder.sample(13, 999, 902, TWO);
        expect(
                "0b 14 d00f 880e 3ff0000000000000"
                        + "04 02 01 4000000000000000"
                        + "01 04 00 3ff0000000000000"
                        + "04 01 02 04 4000000000000000",
                new RecordLog.Sample(10, 1000, 900, ONE),
                new RecordLog.Sample(12, 1001, 900, TWO),
                new RecordLog.Sample(11, 1002, 0, ONE),
                new RecordLog.Sample(13, 999, 902, TWO));
    }

    @Test
    void writesHistogramsWithStartTimestamps() throws CorruptionException {
        encoder.start(WalRecord.HISTOGRAMS_V2);
        encoder.histogram(1, 2, 1, integers(1));
        encoder.histogram(2, 2, 1, integers(1));
        expect(
                "0c 02 04 02" + INTEGERS + "02 00 01" + INTEGERS,
                new RecordLog.HistogramSample(1, 2, 1, integers(1)),
                new RecordLog.HistogramSample(2, 2, 1, integers(1)));
        encoder.start(WalRecord.FLOAT_HISTOGRAMS_V2);
        encoder.histogram(1, 2, 0, FLOATS);
        expect("0d 02 04 00" + FLOATS_BODY, new RecordLog.HistogramSample(1, 2, 0, FLOATS));
    }

    @ParameterizedTest
    @MethodSource("types")
    void givesBackEntriesOfEveryType(int type) throws CorruptionException {
        RandomRecords random = new RandomRecords(SEED + type);
        for (int round = 0; round < 100; round++) {
            List<Object> expected = new ArrayList<>();
            byte[] record = random.record(type, 1 + round % 7 * 5, expected);
            assertThat(decode(record))
                    .as("seed %d, round %d", SEED + type, round)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void refusesDamagedRecordsWithNothingButACorruption(int type) {
        RandomRecords records = new RandomRecords(SEED + type);
        Random random = new Random(SEED + type);
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] sound = records.record(type, 1 + random.nextInt(6), new ArrayList<>());
            byte[] damaged = Arrays.copyOf(sound, 1 + random.nextInt(sound.length));
            for (int i = random.nextInt(4); i > 0 && damaged.length > 1; i--) {
                damaged[1 + random.nextInt(damaged.length - 1)] =
                        (byte) (random.nextInt(3) == 0 ? 0xff : random.nextInt());
            }
            try {
                decode(damaged);
            } catch (CorruptionException e) {
                assertThat(e.offset()).isBetween(0L, (long) damaged.length);
                refused++;
            }
        }
        assertThat(refused).as("seed %d", SEED + type).isGreaterThan(100);
    }

    @Test
    void leavesRecordsOfUnknownAndUnwantedTypesToTheSink() throws CorruptionException {
        assertThat(decode(bytes("63 010203"))).containsExactly(new RecordLog.Other(0x63, 4));
        List<Object> others = new ArrayList<>();
        byte[] marker = bytes("05 0000000000000003 0000000100000008");
        decoder.decode(marker, marker.length, new WalRecord.Sink() {
            @Override
            public boolean wants(int type) {
                return false;
            }

            @Override
            public void other(int type, byte[] record, int length) {
                others.add(new RecordLog.Other(type, length));
            }
        });
        assertThat(others).containsExactly(new RecordLog.Other(WalRecord.MMAP_MARKERS, 17));
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> decode(bytes("01 0000000000000001 01 00 0131")))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining("label without a name");
        assertThatThrownBy(() -> decode(bytes("0b 02 04 02 3ff0000000000000 02 00 03")))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining("unknown marker 3");
        // A count of buckets that claims two billion of them in a few bytes.
        assertThatThrownBy(() -> decode(bytes("08 0000000000000001 0000000000000002 00 00 03 01 0000000000000000"
                        + "3ff0000000000000 4000000000000000 3ff0000000000000 00 00 ffffffff07 00")))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining("do not fit");
        assertThatThrownBy(() -> decode(bytes("02 0000000000000001 0000000000000002 80808080808080808080808080808000"
                        + "000000000000000000000000000000000000")))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining("longer than 64 bits");
    }

    @Test
    void sharesTheStringsOfLabels() throws CorruptionException {
        encoder.start(WalRecord.SERIES);
        encoder.series(1, Labels.of("__name__", "up", "instance", "a:1"));
        encoder.series(2, Labels.of("__name__", "up", "instance", "a:2"));
        List<Object> entries = decode(Arrays.copyOf(encoder.bytes(), encoder.size()));
        Labels first = ((RecordLog.Series) entries.get(0)).labels();
        Labels second = ((RecordLog.Series) entries.get(1)).labels();
        assertThat(second.name(1)).isSameAs(first.name(1));
        assertThat(second.value(0)).isSameAs(first.value(0));
    }
}
