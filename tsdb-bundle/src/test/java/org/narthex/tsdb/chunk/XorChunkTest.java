package org.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.encoding.CorruptionException;

class XorChunkTest {
    private static final long SEED = 42;

    @Test
    void writesTheBytesTheFormatDemands() {
        // 0001 | varint 1000 = d00f | 1.0
        assertThat(hex(chunk(1000, 1.0))).isEqualTo("0001" + "d00f" + "3ff0000000000000");
        // + uvarint delta 15 | 0 = same value, padded
        assertThat(hex(chunk(1000, 1.0, 1015, 1.0))).isEqualTo("0002" + "d00f" + "3ff0000000000000" + "0f" + "00");
        // + 11, leading 01011 (11), length 000001, the bit (1.0 xor 1.5 is bit 51 alone: 12 leading zeros)
        assertThat(hex(chunk(1000, 1.0, 1015, 1.5)))
                .isEqualTo("0002" + "d00f" + "3ff0000000000000" + "0f" + bits("11" + "01100" + "000001" + "1"));
        // third sample: delta of delta 5: 10 + 14 bits; value in the same window: 10 + its one bit
        assertThat(hex(chunk(1000, 1.0, 1015, 1.5, 1035, 1.0)))
                .isEqualTo("0003"
                        + "d00f"
                        + "3ff0000000000000"
                        + "0f"
                        + bits("11" + "01100" + "000001" + "1" + "10" + "00000000000101" + "10" + "1"));
    }

    private static String bits(String bits) {
        StringBuilder padded = new StringBuilder(bits);
        while (padded.length() % 8 != 0) {
            padded.append('0');
        }
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < padded.length(); i += 8) {
            hex.append(HexFormat.of().toHexDigits((byte) Integer.parseInt(padded.substring(i, i + 8), 2)));
        }
        return hex.toString();
    }

    @Test
    void chargesTheLimitsOfEachDeltaWidthAsPrometheusDoes() throws Exception {
        // -(2^(n-1)-1) to 2^(n-1): one more on the positive side than two's complement has.
        long[] steps = {0, 8192, -8191, 8193, -8192, 65536, -65535, 65537, -65536, 524288, -524287, 524289, -524288};
        XorChunk chunk = new XorChunk();
        long t = 1_700_000_000_000L;
        long delta = 10_000_000;
        long[] times = new long[steps.length + 2];
        times[0] = t;
        times[1] = t + delta;
        for (int i = 0; i < steps.length; i++) {
            delta += steps[i];
            times[i + 2] = times[i + 1] + delta;
        }
        for (long time : times) {
            chunk.append(time, 1);
        }
        SampleBuffer back = decode(chunk.toByteArray());
        for (int i = 0; i < times.length; i++) {
            assertThat(back.timestampsMs()[i]).isEqualTo(times[i]);
        }
    }

    @Test
    void givesBackWhatWasAppendedWhateverItWas() throws Exception {
        Random random = new Random(SEED);
        XorChunk chunk = new XorChunk();
        for (int round = 0; round < 2000; round++) {
            chunk.clear();
            int n = 1 + random.nextInt(200);
            long[] times = new long[n];
            double[] values = new double[n];
            long t = random.nextBoolean() ? 1_700_000_000_000L + random.nextInt() : random.nextInt() * 1000L;
            double v = 0;
            int shape = random.nextInt(6);
            for (int i = 0; i < n; i++) {
                t += 1
                        + (random.nextInt(20) == 0
                                ? random.nextLong(1L << (1 + random.nextInt(40)))
                                : random.nextInt(3));
                v = switch (shape) {
                    case 0 -> 7;
                    case 1 -> i;
                    case 2 -> Double.longBitsToDouble(random.nextLong());
                    case 3 -> random.nextInt(10) == 0 ? StaleNaN.VALUE : random.nextGaussian();
                    case 4 -> v + 0.1;
                    default -> random.nextInt(1000);
                };
                times[i] = t;
                values[i] = v;
                chunk.append(t, v);
            }
            SampleBuffer back = decode(chunk.toByteArray());
            assertThat(back.size()).as("seed %d, round %d", SEED, round).isEqualTo(n);
            for (int i = 0; i < n; i++) {
                assertThat(back.timestampsMs()[i])
                        .as("seed %d, round %d, sample %d", SEED, round, i)
                        .isEqualTo(times[i]);
                assertThat(Double.doubleToRawLongBits(back.values()[i]))
                        .as("seed %d, round %d, sample %d", SEED, round, i)
                        .isEqualTo(Double.doubleToRawLongBits(values[i]));
            }
        }
    }

    @Test
    void decodesOnlyWithinInclusiveBounds() throws Exception {
        byte[] chunk = chunk(1000, 1, 2000, 2, 3000, 3, 4000, 4);
        byte[] padded = XorChunk.padded(new byte[0], chunk.length);
        System.arraycopy(chunk, 0, padded, 0, chunk.length);
        SampleBuffer buffer = new SampleBuffer();
        XorChunk.decode(padded, 2, chunk.length, 4, 2000, 3000, buffer);
        assertThat(buffer.size()).isEqualTo(2);
        assertThat(buffer.timestampsMs()[0]).isEqualTo(2000);
    }

    @Test
    void refusesAnyCutOffChunkWithoutCrashing() {
        byte[] chunk = chunk(1000, 1.5, 2000, 2.25, 3001, 3.125, 4005, 1e300, 5000, -7);
        for (int length = 0; length < chunk.length - 1; length++) {
            byte[] padded = XorChunk.padded(new byte[0], length);
            System.arraycopy(chunk, 0, padded, 0, length);
            int end = length;
            assertThatThrownBy(() ->
                            XorChunk.decode(padded, 2, end, 5, Long.MIN_VALUE, Long.MAX_VALUE, new SampleBuffer()))
                    .isInstanceOf(CorruptionException.class);
        }
    }

    @Test
    void survivesRandomBytes() {
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] padded = XorChunk.padded(new byte[0], 64);
            byte[] noise = new byte[64];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, padded, 0, 64);
            try {
                XorChunk.decode(padded, 2, 64, 120, Long.MIN_VALUE, Long.MAX_VALUE, new SampleBuffer());
            } catch (CorruptionException e) {
                assertThat(e).hasMessageContaining("XOR chunk");
            }
        }
    }

    private static byte[] chunk(double... timesAndValues) {
        XorChunk chunk = new XorChunk();
        for (int i = 0; i < timesAndValues.length; i += 2) {
            chunk.append((long) timesAndValues[i], timesAndValues[i + 1]);
        }
        return chunk.toByteArray();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static SampleBuffer decode(byte[] chunk) throws CorruptionException {
        byte[] padded = XorChunk.padded(new byte[0], chunk.length);
        System.arraycopy(chunk, 0, padded, 0, chunk.length);
        SampleBuffer buffer = new SampleBuffer();
        XorChunk.decode(padded, 2, chunk.length, XorChunk.samples(chunk), Long.MIN_VALUE, Long.MAX_VALUE, buffer);
        return buffer;
    }
}
