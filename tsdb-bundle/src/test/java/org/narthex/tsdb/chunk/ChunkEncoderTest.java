package org.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.storage.SampleBuffer;

class ChunkEncoderTest {
    private static final long SEED = 5;

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Chunk(int encoding, long minTimeMs, long maxTimeMs, byte[] bytes) {}

    private static List<Chunk> encode(ChunkEncoder encoder, SampleBuffer samples) throws Exception {
        List<Chunk> chunks = new ArrayList<>();
        encoder.encode(
                samples,
                0,
                samples.size(),
                (encoding, min, max, bytes) -> chunks.add(new Chunk(encoding, min, max, bytes)));
        return chunks;
    }

    @Test
    void writesFloatsAndHistogramsInTheOrderOfTheirTimes() throws Exception {
        Random random = new Random(SEED);
        RandomSamples series = new RandomSamples(random);
        ChunkEncoder encoder = new ChunkEncoder(120, random.nextBoolean(), true);
        for (int round = 0; round < 60; round++) {
            SampleBuffer samples = series.mixed(1 + random.nextInt(400), random.nextBoolean());
            SampleBuffer back = new SampleBuffer();
            long last = Long.MIN_VALUE;
            for (Chunk chunk : encode(encoder, samples)) {
                int from = back.size();
                Chunks.decode(chunk.encoding(), chunk.bytes(), back);
                assertThat(ChunkCodec.samples(chunk.encoding(), chunk.bytes())).isEqualTo(back.size() - from);
                assertThat(chunk.minTimeMs()).isGreaterThan(last).isEqualTo(back.timestampsMs()[from]);
                assertThat(chunk.maxTimeMs()).isEqualTo(back.timestampsMs()[back.size() - 1]);
                last = chunk.maxTimeMs();
            }
            assertThat(back.size()).as("seed %d, round %d", SEED, round).isEqualTo(samples.size());
            for (int i = 0; i < samples.size(); i++) {
                assertThat(Chunks.text(back, i))
                        .as("seed %d, round %d, sample %d", SEED, round, i)
                        .isEqualTo(Chunks.text(samples, i));
            }
        }
    }

    @Test
    void isReadWithinInclusiveBoundsWhateverTheEncoding() throws Exception {
        Random random = new Random(SEED);
        SampleBuffer samples = new RandomSamples(random).mixed(1000, true);
        long[] times = samples.timestampsMs();
        List<Chunk> chunks = encode(new ChunkEncoder(120, false, true), samples);
        chunks.addAll(encode(new ChunkEncoder(120), samples));
        for (Chunk chunk : chunks) {
            int first = Arrays.binarySearch(times, 0, samples.size(), chunk.minTimeMs());
            int last = Arrays.binarySearch(times, 0, samples.size(), chunk.maxTimeMs());
            int from = first + random.nextInt(last - first + 1);
            int to = from + random.nextInt(last - from + 1);
            SampleBuffer some = new SampleBuffer();
            byte[] padded = Chunks.padded(chunk.bytes(), chunk.bytes().length);
            ChunkCodec.decode(chunk.encoding(), padded, chunk.bytes().length, times[from], times[to], some);
            assertThat(Arrays.copyOf(some.timestampsMs(), some.size()))
                    .as("seed %d, encoding %d", SEED, chunk.encoding())
                    .isEqualTo(Arrays.copyOfRange(times, from, to + 1));
        }
        assertThat(chunks).extracting(Chunk::encoding).contains(1, 2, 3, 4, 5, 6);
    }

    @Test
    void keepsToOldEncodingsUnlessToldOtherwise() throws Exception {
        SampleBuffer samples = new RandomSamples(new Random(SEED)).mixed(500, true);
        assertThat(encode(new ChunkEncoder(120), samples))
                .extracting(Chunk::encoding)
                .contains(1, 2, 3)
                .doesNotContain(4, 5, 6);
        assertThat(encode(new ChunkEncoder(120, true, false), samples))
                .extracting(Chunk::encoding)
                .contains(2, 3, 4)
                .doesNotContain(1, 5, 6);
        assertThat(encode(new ChunkEncoder(120, false, true), samples))
                .extracting(Chunk::encoding)
                .contains(4, 5, 6);
    }

    @Test
    void beginsAnotherChunkOfHistogramsAtItsTargetSize() throws Exception {
        SampleBuffer samples = new SampleBuffer();
        Random random = new Random(SEED);
        long[] counts = new long[40];
        for (int i = 0; i < 1000; i++) {
            long count = 0;
            for (int j = 0; j < counts.length; j++) {
                counts[j] += random.nextInt(10);
                count += counts[j];
            }
            samples.add(
                    i * 15_000L,
                    Histogram.ofIntegers(
                            ResetHint.UNKNOWN,
                            3,
                            0,
                            0,
                            count,
                            count / 3.0,
                            new int[] {0, counts.length},
                            counts.clone(),
                            new int[0],
                            new long[0],
                            new double[0]));
        }
        List<Chunk> chunks = encode(new ChunkEncoder(120), samples);
        assertThat(chunks.size()).isGreaterThan(20);
        for (Chunk chunk : chunks.subList(0, chunks.size() - 1)) {
            assertThat(chunk.bytes().length).isBetween(1024, 1200);
        }
        assertThat(chunks.get(0).bytes()[2] & 0xff).isEqualTo(0);
        assertThat(chunks.get(1).bytes()[2] & 0xff).isEqualTo(0x40);
    }

    @Test
    void refusesChunksOfMoreSamplesThanCanBeCounted() {
        assertThatThrownBy(() -> new ChunkEncoder(65_536)).hasMessageContaining("65536 samples");
        assertThatThrownBy(() -> new ChunkEncoder(0)).hasMessageContaining("0 samples");
    }
}
