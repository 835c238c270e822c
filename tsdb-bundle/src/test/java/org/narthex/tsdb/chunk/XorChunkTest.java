package org.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.narthex.tsdb.chunk.Chunks.bits;
import static org.narthex.tsdb.chunk.Chunks.hex;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.encoding.CorruptionException;

class XorChunkTest {
    private static final long SEED = 42;
    private static final String FIRST = "d00f" + "3ff0000000000000";

    @Test
    void writesTheBytesTheFormatDemands() {
        // 0001 | varint 1000 = d00f | 1.0
        demands("0001" + FIRST, 1000, 1.0);
        // + uvarint delta 15 | 0 = same value, padded
        demands("0002" + FIRST + "0f" + "00", 1000, 1.0, 1015, 1.0);
        // + 11, leading 01100 (12), length 000001, the bit (1.0 xor 1.5 is bit 51 alone: 12 leading zeros)
        demands("0002" + FIRST + "0f" + bits("11 01100 000001 1"), 1000, 1.0, 1015, 1.5);
        // third sample: delta of delta 5: 10 + 14 bits; value in the same window: 10 + its one bit
        demands(
                "0003" + FIRST + "0f" + bits("11 01100 000001 1", "10 00000000000101 10 1"),
                1000,
                1.0,
                1015,
                1.5,
                1035,
                1.0);
    }

    private static void demands(String hex, double... timesAndValues) {
        SampleBuffer samples = samples(timesAndValues);
        assertThat(hex(online(samples))).isEqualTo(hex);
        assertThat(hex(planned(samples))).isEqualTo(hex);
    }

    @Test
    void chargesTheLimitsOfEachDeltaWidthAsPrometheusDoes() throws Exception {
        // -(2^(n-1)-1) to 2^(n-1): one more on the positive side than two's complement has.
        long[] steps = {0, 8192, -8191, 8193, -8192, 65536, -65535, 65537, -65536, 524288, -524287, 524289, -524288};
        SampleBuffer samples = new SampleBuffer();
        long t = 1_700_000_000_000L;
        long delta = 10_000_000;
        samples.add(t, 1);
        samples.add(t += delta, 1);
        for (long step : steps) {
            delta += step;
            samples.add(t += delta, 1);
        }
        assertSame(samples, online(samples), "limits");
        assertSame(samples, planned(samples), "limits");
        // 2 + 6 + 8 bytes of the first sample, 4 + 1 bit of the second; then value bits and 1, 16, 20, 24 or 68 bits
        // each
        int bits = 14 * 8 + 32 + 1 + 13 + 1 + 2 * 16 + 4 * 20 + 4 * 24 + 2 * 68;
        assertThat(planned(samples)).hasSize(2 + (bits + 7) / 8);
    }

    @Test
    void givesBackWhatWasAppendedWhateverItWas() throws Exception {
        Random random = new Random(SEED);
        RandomSamples series = new RandomSamples(random);
        for (int round = 0; round < 1000; round++) {
            SampleBuffer samples = series.floats(1 + random.nextInt(200), false);
            String where = "seed " + SEED + ", round " + round;
            assertSame(samples, online(samples), where);
            assertSame(samples, planned(samples), where);
        }
    }

    private static void assertSame(SampleBuffer samples, byte[] chunk, String where) throws CorruptionException {
        SampleBuffer back = Chunks.decode(XorChunk.ENCODING, chunk);
        assertThat(back.size()).as(where).isEqualTo(samples.size());
        for (int i = 0; i < samples.size(); i++) {
            assertThat(Chunks.text(back, i)).as("%s, sample %d", where, i).isEqualTo(Chunks.text(samples, i));
        }
    }

    @Test
    void neverTakesMoreBytesWithAPlanThanWithout() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            SampleBuffer samples = new SampleBuffer();
            double v = random.nextInt(100_000);
            int range = 1 + random.nextInt(100);
            for (int i = 0; i < 120; i++) {
                v += random.nextInt(range);
                samples.add(i * 15_000L, v);
            }
            assertThat(planned(samples).length)
                    .as("seed %d, round %d", SEED, round)
                    .isLessThanOrEqualTo(online(samples).length);
        }
    }

    @Test
    void keepsAWindowForAnOutlierOnlyWhileThatIsCheap() throws Exception {
        SampleBuffer samples = new SampleBuffer();
        Random random = new Random(SEED);
        for (int i = 0; i < 120; i++) {
            samples.add(i * 15_000L, i == 1 ? Math.PI : 1000 + random.nextInt(4));
        }
        // Sample 1 and 2 need some 60 bits, all others 2 of 3: a writer that uses the widest window ever after takes
        // 800 bytes.
        assertThat(planned(samples)).hasSizeLessThan(120);
        assertThat(online(samples)).hasSizeLessThan(150);
        assertSame(samples, planned(samples), "outlier");
        assertSame(samples, online(samples), "outlier");
    }

    @Test
    void decodesOnlyWithinInclusiveBounds() throws Exception {
        byte[] chunk = planned(samples(1000, 1, 2000, 2, 3000, 3, 4000, 4));
        SampleBuffer buffer = new SampleBuffer();
        XorChunk.decode(Chunks.padded(chunk, chunk.length), 2, chunk.length, 4, 2000, 3000, buffer);
        assertThat(buffer.size()).isEqualTo(2);
        assertThat(buffer.timestampsMs()[0]).isEqualTo(2000);
    }

    @Test
    void refusesAnyCutOffChunkWithoutCrashing() {
        byte[] chunk = planned(samples(1000, 1.5, 2000, 2.25, 3001, 3.125, 4005, 1e300, 5000, -7));
        for (int length = 0; length < chunk.length - 1; length++) {
            byte[] padded = Chunks.padded(chunk, length);
            int end = length;
            assertThatThrownBy(() ->
                            XorChunk.decode(padded, 2, end, 5, Long.MIN_VALUE, Long.MAX_VALUE, new SampleBuffer()))
                    .isInstanceOf(CorruptionException.class);
        }
    }

    private static SampleBuffer samples(double... timesAndValues) {
        SampleBuffer samples = new SampleBuffer();
        for (int i = 0; i < timesAndValues.length; i += 2) {
            samples.add((long) timesAndValues[i], timesAndValues[i + 1]);
        }
        return samples;
    }

    /** As the head does. */
    private static byte[] online(SampleBuffer samples) {
        XorState state = new XorState();
        BitBuffer bits = new BitBuffer(XorChunk.HEADER_BYTES, 8);
        for (int i = 0; i < samples.size(); i++) {
            state.append(samples.timestampsMs()[i], Double.doubleToRawLongBits(samples.values()[i]), bits);
        }
        byte[] chunk = bits.copy(0);
        chunk[0] = (byte) (state.samples >>> 8);
        chunk[1] = (byte) state.samples;
        return chunk;
    }

    private static byte[] planned(SampleBuffer samples) {
        return new XorChunk().encode(samples.timestampsMs(), samples.values(), 0, samples.size());
    }
}
