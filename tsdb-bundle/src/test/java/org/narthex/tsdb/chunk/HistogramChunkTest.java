package org.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.tsdb.chunk.Chunks.bits;
import static org.narthex.tsdb.chunk.Chunks.hex;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.storage.SampleBuffer;

class HistogramChunkTest {
    private static final long SEED = 23;

    /** The zero threshold clients take if not told otherwise. */
    private static final double THRESHOLD = Math.scalb(1.0, -128);

    private static final int[] NO_SPANS = {};
    private static final double[] NO_BOUNDS = {};

    private static Histogram integers(ResetHint hint, long zero, double sum, int[] spans, long... buckets) {
        long count = zero;
        for (long bucket : buckets) {
            count += bucket;
        }
        return Histogram.ofIntegers(
                hint, 0, THRESHOLD, zero, count, sum, spans, buckets, NO_SPANS, new long[0], NO_BOUNDS);
    }

    private static Histogram counter(int[] spans, long... buckets) {
        return integers(ResetHint.UNKNOWN, 0, 1, spans, buckets);
    }

    private static Histogram gauge(int[] spans, long... buckets) {
        return integers(ResetHint.GAUGE, 0, 1, spans, buckets);
    }

    private static int[] spans(int... spans) {
        return spans;
    }

    private static HistogramChunk chunk(Histogram... histograms) {
        HistogramChunk chunk = HistogramChunk.first(histograms[0], false);
        for (int i = 0; i < histograms.length; i++) {
            assertThat(chunk.append(1000 + 15L * i, histograms[i])).isTrue();
        }
        return chunk;
    }

    private static List<Histogram> read(HistogramChunk chunk) throws Exception {
        SampleBuffer samples = Chunks.decode(chunk.encoding(), chunk.toByteArray());
        List<Histogram> read = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            read.add(samples.histogram(i));
        }
        return read;
    }

    @Test
    void writesTheBytesTheFormatDemandsOfWholeNumbers() throws Exception {
        HistogramChunk chunk = chunk(
                integers(ResetHint.UNKNOWN, 1, 3.5, spans(0, 2), 2, 2),
                integers(ResetHint.UNKNOWN, 1, 4.5, spans(0, 2), 3, 3),
                Histogram.stale(false));
        String layout = "01110100" // 2^-128 as -128 + 244
                + "0" // schema 0
                + "10 001 10 010 0" // one span of two buckets from bucket 0
                + "0"; // no negative ones
        String first = "11110 001111101000" // 1000
                + "10 101 10 001" // count 5, zero count 1
                + bits(3.5)
                + "10 010 0"; // 2 and 0 more
        String second = "110 001111" // 15 ms
                + "10 010 0" // 2 more, none more
                + "11 01011 000100 1111" // 3.5 xor 4.5 is 001e…
                + "10 001 0"; // the first bucket one more, the step to the second one as before
        // xor of 4.5 and the staleness marker: 4012… xor 7ff0…2: 3fe2000000000002, from bit 61 to 1
        String stale = "0 0 0" + "11 00010 111101" + sixtyOneBits();
        assertThat(hex(chunk.toByteArray())).isEqualTo("0003" + "00" + bits(layout, first, second, stale));
        assertThat(read(chunk))
                .containsExactly(
                        integers(ResetHint.UNKNOWN, 1, 3.5, spans(0, 2), 2, 2),
                        integers(ResetHint.NOT_RESET, 1, 4.5, spans(0, 2), 3, 3),
                        Histogram.stale(false));
    }

    private static String sixtyOneBits() {
        String bits = Long.toBinaryString(0x3fe2000000000002L >>> 1);
        return "0".repeat(61 - bits.length()) + bits;
    }

    @Test
    void writesTheBytesTheFormatDemandsOfFloats() throws Exception {
        Histogram first = floats(2.5, 0.5, 1);
        Histogram second = floats(3.5, 0.5, 1);
        HistogramChunk chunk = HistogramChunk.first(first, false);
        chunk.append(0, first);
        chunk.append(5, second);
        String layout = "00000000" // no zero threshold
                + "10 111" // schema -1
                + "0" // no positive spans
                + "10 001 10 001 10 110"; // one bucket, -2
        String head = "0" + bits(2.5) + bits(0.5) + bits(1.0) + bits(1.0);
        String next = "110 000101" // 5 ms
                // 4004… xor 400c…: one bit, after 12 zeros; the others as before
                + "11 01100 000001 1"
                + "0 0 0";
        assertThat(hex(chunk.toByteArray())).isEqualTo("0002" + "c0" + bits(layout, head, next));
        assertThat(read(chunk)).containsExactly(first, second);
    }

    private static Histogram floats(double count, double zero, double bucket) {
        return Histogram.ofFloats(
                ResetHint.GAUGE,
                -1,
                0,
                zero,
                count,
                1,
                NO_SPANS,
                new double[0],
                spans(-2, 1),
                new double[] {bucket},
                NO_BOUNDS);
    }

    @Test
    void writesCustomBoundsAsThousandthsWhereTheyAre() throws Exception {
        Histogram histogram = custom(1, 0.5, 1e9);
        HistogramChunk chunk = HistogramChunk.first(histogram, false);
        chunk.append(0, histogram);
        String layout = "00000000" + "1110 111001011" // -53
                + "10 001 10 001 0" // one bucket
                + "0"
                + "10 010" // two bounds: 500 thousandths and one; any number
                + "1110 111110101 0"
                + bits(1e9);
        String first = "0" + "10 001 0" + bits(1.0) + "10 001";
        assertThat(hex(chunk.toByteArray())).isEqualTo("0001" + "00" + bits(layout, first));
        assertThat(read(chunk)).containsExactly(histogram);
    }

    private static Histogram custom(long count, double... bounds) {
        return Histogram.ofIntegers(
                ResetHint.UNKNOWN,
                Histogram.CUSTOM_BUCKETS,
                0,
                0,
                count,
                1,
                spans(0, 1),
                new long[] {count},
                NO_SPANS,
                new long[0],
                bounds);
    }

    @Test
    void writesStartTimestampsBehindEachSample() throws Exception {
        Histogram reset = integers(ResetHint.RESET, 0, 1, NO_SPANS);
        Histogram plain = integers(ResetHint.UNKNOWN, 0, 1, NO_SPANS);
        HistogramChunk chunk = HistogramChunk.first(reset, true);
        chunk.append(1000, 400, reset);
        chunk.append(1015, 400, plain);
        chunk.append(1030, 1000, plain);
        assertThat(chunk.encoding()).isEqualTo(5);
        String layout = "01110100 0 0 0";
        String first = "11110 001111101000 0 0" + bits(1.0) + "10110000 00001001"; // varint 600
        String second = "110 001111 0 0 0"; // the start is the same
        String third = "0 0 0 0 110 001111"; // 1015 - 1000
        assertThat(hex(chunk.toByteArray())).isEqualTo("8003" + "82" + bits(layout, first, second, third));
        SampleBuffer samples = Chunks.decode(5, chunk.toByteArray());
        assertThat(samples.size()).isEqualTo(3);
        assertThat(samples.startTimestampMs(0)).isEqualTo(400);
        assertThat(samples.startTimestampMs(1)).isEqualTo(400);
        assertThat(samples.startTimestampMs(2)).isEqualTo(1000);
    }

    @Test
    void isWrittenAnewWhenBucketsAreAdded() throws Exception {
        HistogramChunk chunk = chunk(counter(spans(0, 2, 2, 1), 6, 3, 3));
        HistogramChunk.Snapshot before = chunk.snapshot();
        assertThat(chunk.append(1015, counter(spans(-1, 4, 1, 2), 1, 6, 3, 5, 4, 1)))
                .isTrue();
        int[] both = spans(-1, 4, 1, 2);
        assertThat(read(chunk))
                .containsExactly(
                        counter(both, 0, 6, 3, 0, 3, 0), integers(ResetHint.NOT_RESET, 0, 1, both, 1, 6, 3, 5, 4, 1));
        SampleBuffer old = new SampleBuffer();
        before.decode(0, 2000, old);
        assertThat(old.size()).isEqualTo(1);
        assertThat(old.histogram(0)).isEqualTo(counter(spans(0, 2, 2, 1), 6, 3, 3));
    }

    @Test
    void givesAHistogramTheEmptyBucketsItLacks() throws Exception {
        HistogramChunk chunk = chunk(counter(spans(0, 3), 1, 0, 2), counter(spans(0, 1, 1, 2), 1, 2, 1));
        assertThat(read(chunk).get(1)).isEqualTo(integers(ResetHint.NOT_RESET, 0, 1, spans(0, 4), 1, 0, 2, 1));
        assertThat(chunk.lastIs(counter(spans(0, 1, 1, 2), 1, 2, 1))).isTrue();
        assertThat(chunk.lastIs(counter(spans(0, 1, 1, 2), 1, 2, 2))).isFalse();
        assertThat(chunk.lastIs(counter(spans(0, 1, 2, 1), 1, 1))).isFalse();
    }

    @Test
    void keepsItsOwnWayOfTellingTheSameBuckets() throws Exception {
        HistogramChunk chunk = chunk(counter(spans(0, 2), 1, 1), counter(spans(0, 1, 0, 1), 2, 2));
        assertThat(read(chunk).get(1)).isEqualTo(integers(ResetHint.NOT_RESET, 0, 1, spans(0, 2), 2, 2));
    }

    @Test
    void endsWithAResetOfACounter() {
        HistogramChunk chunk = chunk(integers(ResetHint.UNKNOWN, 2, 1, spans(0, 2), 3, 3));
        refuses(chunk, integers(ResetHint.UNKNOWN, 2, 1, spans(0, 2), 3, 2), ResetHint.RESET);
        // The count is higher, one bucket is not.
        refuses(chunk, integers(ResetHint.UNKNOWN, 2, 1, spans(0, 2), 9, 2), ResetHint.RESET);
        refuses(chunk, integers(ResetHint.UNKNOWN, 1, 1, spans(0, 2), 9, 3), ResetHint.RESET);
        refuses(chunk, integers(ResetHint.UNKNOWN, 2, 1, spans(0, 1), 9), ResetHint.RESET);
        refuses(chunk, integers(ResetHint.RESET, 2, 1, spans(0, 2), 9, 9), ResetHint.RESET);
        assertThat(chunk.samples()).isEqualTo(1);
        assertThat(chunk.append(1015, integers(ResetHint.NOT_RESET, 2, 1, spans(0, 2), 3, 3)))
                .isTrue();
    }

    private static void refuses(HistogramChunk chunk, Histogram next, ResetHint flag) {
        byte[] before = chunk.toByteArray();
        assertThat(chunk.append(2000, next)).isFalse();
        assertThat(chunk.toByteArray()).isEqualTo(before);
        assertThat(chunk.successor(next).flag()).isEqualTo(flag);
        assertThat(chunk.successor(next).append(2000, next)).isTrue();
    }

    @Test
    void saysNothingAboutAResetWhenHistogramsCanNotBeCompared() {
        HistogramChunk chunk = chunk(counter(spans(0, 1), 3));
        refuses(
                chunk,
                Histogram.ofIntegers(
                        ResetHint.UNKNOWN,
                        1,
                        THRESHOLD,
                        0,
                        3,
                        1,
                        spans(0, 1),
                        new long[] {3},
                        NO_SPANS,
                        new long[0],
                        NO_BOUNDS),
                ResetHint.UNKNOWN);
        refuses(
                chunk,
                Histogram.ofIntegers(
                        ResetHint.UNKNOWN,
                        0,
                        0.001,
                        0,
                        3,
                        1,
                        spans(0, 1),
                        new long[] {3},
                        NO_SPANS,
                        new long[0],
                        NO_BOUNDS),
                ResetHint.UNKNOWN);
        refuses(chunk, gauge(spans(0, 1), 3), ResetHint.GAUGE);
        refuses(chunk, floats(9, 9, 9), ResetHint.GAUGE);
        chunk.append(1500, Histogram.stale(false));
        refuses(chunk, counter(spans(0, 1), 3), ResetHint.UNKNOWN);
        assertThat(chunk.append(2000, Histogram.stale(false))).isTrue();
    }

    @Test
    void takesOtherCustomBoundsForAReset() {
        refuses(chunk(custom(1, 0.5, 1)), custom(2, 0.5, 2), ResetHint.RESET);
    }

    @Test
    void lastIsTellsAStalenessMarkerFromAHistogram() {
        HistogramChunk chunk = chunk(counter(spans(0, 1), 3));
        assertThat(chunk.lastIs(Histogram.stale(false))).isFalse();
        chunk.append(1015, Histogram.stale(false));
        assertThat(chunk.lastIs(Histogram.stale(false))).isTrue();
        assertThat(chunk.lastIs(counter(spans(0, 1), 3))).isFalse();
    }

    @Test
    void saysThatThereWasNoResetWhenItIsMerelyLargeEnough() {
        HistogramChunk chunk = chunk(counter(spans(0, 2), 3, 1));
        assertThat(chunk.successor(counter(spans(0, 1), 4)).flag()).isEqualTo(ResetHint.RESET);
        assertThat(chunk.successor(counter(spans(0, 3), 4, 1, 1)).flag()).isEqualTo(ResetHint.NOT_RESET);
        assertThat(chunk.successor(counter(spans(0, 2), 4, 1)).flag()).isEqualTo(ResetHint.NOT_RESET);
        assertThat(hex(chunk(counter(spans(0, 2), 4, 1)).toByteArray())).startsWith("000100");
        HistogramChunk next = chunk.successor(counter(spans(0, 2), 4, 1));
        next.append(2000, counter(spans(0, 2), 4, 1));
        assertThat(hex(next.toByteArray())).startsWith("000140");
    }

    @Test
    void letsGaugesFallAndLoseBuckets() throws Exception {
        HistogramChunk chunk = chunk(gauge(spans(0, 2), 6, 3), gauge(spans(1, 2), 1, 1), Histogram.stale(false));
        assertThat(read(chunk))
                .containsExactly(gauge(spans(0, 3), 6, 3, 0), gauge(spans(0, 3), 0, 1, 1), Histogram.stale(false));
    }

    @Test
    void givesBackWhatWasAppendedWhateverItWas() throws Exception {
        Random random = new Random(SEED);
        RandomSamples series = new RandomSamples(random);
        int chunks = 0;
        for (int round = 0; round < 150; round++) {
            SampleBuffer samples =
                    series.histograms(1 + random.nextInt(150), random.nextBoolean(), random.nextBoolean());
            SampleBuffer back = new SampleBuffer();
            HistogramChunk chunk = HistogramChunk.first(samples.histogram(0), true);
            for (int i = 0; i < samples.size(); i++) {
                if (!chunk.append(samples.timestampsMs()[i], samples.startTimestampMs(i), samples.histogram(i))) {
                    assertThat(chunk.lastTimeMs()).isEqualTo(samples.timestampsMs()[i - 1]);
                    Chunks.decode(chunk.encoding(), chunk.toByteArray(), back);
                    chunk = chunk.successor(samples.histogram(i));
                    assertThat(chunk.append(
                                    samples.timestampsMs()[i], samples.startTimestampMs(i), samples.histogram(i)))
                            .isTrue();
                    chunks++;
                }
            }
            Chunks.decode(chunk.encoding(), chunk.toByteArray(), back);
            assertThat(back.size()).as("seed %d, round %d", SEED, round).isEqualTo(samples.size());
            for (int i = 0; i < samples.size(); i++) {
                assertThat(Chunks.text(back, i))
                        .as("seed %d, round %d, sample %d", SEED, round, i)
                        .isEqualTo(Chunks.text(samples, i));
            }
        }
        assertThat(chunks).isGreaterThan(150);
    }

    @Test
    void readsFinerBucketsThanThereAreTogether() throws Exception {
        // Schema 10 is four times as fine: buckets 1 to 4 are bucket 1 of schema 8, 5 is in 2, and -3 to 0 are 0.
        BitBuffer bits = new BitBuffer(3, 64);
        new HistogramLayout(10, 0, spans(-1, 3, 2, 2), spans(5, 1), NO_BOUNDS).write(bits);
        Varbit.writeInt(1000, bits);
        Varbit.writeUint(21, bits);
        Varbit.writeUint(0, bits);
        bits.bits(Double.doubleToRawLongBits(7), 64);
        for (int step : new int[] {1, 1, 1, 1, 1, 6}) {
            Varbit.writeInt(step, bits);
        }
        byte[] chunk = bits.copy(0);
        chunk[1] = 1;
        Histogram read = Chunks.decode(HistogramChunk.INTEGERS, chunk).histogram(0);
        assertThat(read.schema()).isEqualTo(8);
        // -1: 1, 0: 2 | 1: 3, 4: 4 | 5: 5
        assertThat(read)
                .isEqualTo(Histogram.ofIntegers(
                        ResetHint.UNKNOWN,
                        8,
                        0,
                        0,
                        21,
                        7,
                        spans(0, 3),
                        new long[] {3, 7, 5},
                        spans(2, 1),
                        new long[] {6},
                        NO_BOUNDS));
    }
}
