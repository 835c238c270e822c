package org.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.tsdb.chunk.Chunks.bits;
import static org.narthex.tsdb.chunk.Chunks.hex;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.SampleBuffer;

class Xor2ChunkTest {
    private static final long SEED = 11;

    @Test
    void writesTheBytesTheFormatDemands() throws Exception {
        SampleBuffer samples = new SampleBuffer();
        add(samples, 1000, 400, 1.0);
        add(samples, 1015, 400, 1.5);
        add(samples, 1030, 400, 1.5);
        add(samples, 1045, 400, StaleNaN.VALUE);
        add(samples, 1065, 1050, 1.0);
        add(samples, 1085, 1050, 1.0);
        add(samples, 1105, 1050, 1.5);
        byte[] chunk = new Xor2Chunk().encode(samples, 0, samples.size(), true);
        // samples, start of the first one and from the fifth on; varint 1000, 1.0, varint 1000 - 400; uvarint 15
        assertThat(hex(chunk))
                .isEqualTo("0007" + "84" + "d00f" + "3ff0000000000000" + "b009" + "0f"
                        + bits(
                                // a new window of one bit
                                "110 01100 000001 1",
                                "0",
                                "11111",
                                // 5 ms later than expected; the window again; the start is 5 ms after the sample before
                                "110 0000000000101 10 1 110 111011",
                                // 15 ms before the sample before: 20 more
                                "0 110 010100",
                                // 20 more again
                                "10 0 1 110 010100"));
        SampleBuffer back = Chunks.decode(Xor2Chunk.ENCODING, chunk);
        for (int i = 0; i < samples.size(); i++) {
            assertThat(Chunks.text(back, i)).isEqualTo(Chunks.text(samples, i));
        }
    }

    @Test
    void chargesTheLimitsOfEachDeltaWidthInTwosComplement() throws Exception {
        SampleBuffer samples = new SampleBuffer();
        long delta = 10_000_000;
        long t = 0;
        samples.add(t, 1);
        samples.add(t += delta, 1);
        for (long step : new long[] {4095, -4096, 4096, -4097, 524_287, -524_288, 524_288, -524_289}) {
            delta += step;
            samples.add(t += delta, 1);
        }
        byte[] chunk = new Xor2Chunk().encode(samples, 0, samples.size(), false);
        // varint 0, 1.0, uvarint of 4 bytes, same; prefix and value of 17, 25 or 70 bits
        int bits = 8 + 64 + 32 + 1 + 2 * 17 + 4 * 25 + 2 * 70;
        assertThat(chunk).hasSize(3 + (bits + 7) / 8);
        SampleBuffer back = Chunks.decode(Xor2Chunk.ENCODING, chunk);
        for (int i = 0; i < samples.size(); i++) {
            assertThat(back.timestampsMs()[i]).isEqualTo(samples.timestampsMs()[i]);
        }
    }

    @Test
    void tellsAStartThatChangesLateFromTheLastSampleTheHeaderReaches() throws Exception {
        SampleBuffer samples = new SampleBuffer();
        for (int i = 0; i < 300; i++) {
            add(samples, 1000L * i, i < 200 ? 0 : 150_000, 1);
        }
        byte[] chunk = new Xor2Chunk().encode(samples, 0, samples.size(), true);
        assertThat(chunk[2]).isEqualTo((byte) 127);
        SampleBuffer back = Chunks.decode(Xor2Chunk.ENCODING, chunk);
        for (int i = 0; i < samples.size(); i++) {
            assertThat(Chunks.text(back, i)).isEqualTo(Chunks.text(samples, i));
        }
    }

    @Test
    void takesNoBitForStartsThatStayTheSame() {
        SampleBuffer samples = new SampleBuffer();
        for (int i = 0; i < 300; i++) {
            add(samples, 1000L * i, 0, 1);
        }
        byte[] without = new Xor2Chunk().encode(samples, 0, samples.size(), false);
        assertThat(new Xor2Chunk().encode(samples, 0, samples.size(), true)).isEqualTo(without);
    }

    @Test
    void givesBackWhatWasAppendedWhateverItWas() throws Exception {
        Random random = new Random(SEED);
        RandomSamples series = new RandomSamples(random);
        Xor2Chunk encoder = new Xor2Chunk();
        for (int round = 0; round < 1000; round++) {
            SampleBuffer samples = series.floats(1 + random.nextInt(300), random.nextBoolean());
            byte[] chunk = encoder.encode(samples, 0, samples.size(), true);
            SampleBuffer back = Chunks.decode(Xor2Chunk.ENCODING, chunk);
            assertThat(back.size()).as("seed %d, round %d", SEED, round).isEqualTo(samples.size());
            for (int i = 0; i < samples.size(); i++) {
                assertThat(Chunks.text(back, i))
                        .as("seed %d, round %d, sample %d", SEED, round, i)
                        .isEqualTo(Chunks.text(samples, i));
            }
        }
    }

    private static void add(SampleBuffer samples, long t, long start, double value) {
        samples.add(t, value);
        samples.startTimestampMs(samples.size() - 1, start);
    }
}
