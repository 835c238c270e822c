package org.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.encoding.CorruptionException;

/** Whatever the bytes of a chunk are, they are read or said to be damaged, without another exception and within the memory the bytes justify. */
class ChunkFuzzTest {
    private static final long SEED = 99;

    /** Of a staleness marker or of a float with its start, and more than that for each bit that made a bucket. */
    private static final int BYTES_PER_BIT = 200;

    /** An empty buffer, an exception with its stack trace, and what the first message of its kind takes to be put together. */
    private static final long BYTES_IN_ANY_CASE = 512 << 10;

    private final Random random = new Random(SEED);
    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void readsOrRefusesDamagedChunks(int encoding) throws Exception {
        List<byte[]> chunks = chunks(encoding);
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] chunk = chunks.get(random.nextInt(chunks.size())).clone();
            int length = chunk.length;
            switch (random.nextInt(4)) {
                case 0 -> {
                    for (int i = random.nextInt(8); i >= 0; i--) {
                        chunk[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
                    }
                }
                case 1 -> length = random.nextInt(length);
                case 2 -> {
                    byte[] noise = new byte[1 + random.nextInt(16)];
                    random.nextBytes(noise);
                    int at = random.nextInt(Math.max(1, length - noise.length));
                    System.arraycopy(noise, 0, chunk, at, Math.min(noise.length, length - at));
                }
                default -> {
                    // Much of everything: ones are long prefixes, wide windows and large numbers.
                    int at = random.nextInt(length);
                    Arrays.fill(chunk, at, Math.min(length, at + 1 + random.nextInt(30)), (byte) -1);
                }
            }
            refused += read(encoding, chunk, length, round) ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(500);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void readsOrRefusesNoise(int encoding) {
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            refused += read(encoding, noise, noise.length, round) ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(2_500);
    }

    @Test
    void refusesUnknownEncodings() {
        for (int encoding : new int[] {-1, 0, 7, 255}) {
            assertThat(ChunkCodec.isReadable(encoding)).isFalse();
            assertThatThrownBy(() -> ChunkCodec.decode(encoding, new byte[100], 10, 0, 1, new SampleBuffer()))
                    .isInstanceOf(CorruptionException.class)
                    .hasMessageContaining("encoding " + encoding);
        }
    }

    /** Valid chunks of the encoding, short ones and long ones. */
    private List<byte[]> chunks(int encoding) throws Exception {
        RandomSamples series = new RandomSamples(random);
        List<byte[]> chunks = new ArrayList<>();
        ChunkEncoder encoder = new ChunkEncoder(120, encoding == 4, encoding > 3);
        while (chunks.size() < 60) {
            SampleBuffer samples = ChunkCodec.isHistogram(encoding)
                    ? series.histograms(1 + random.nextInt(60), HistogramChunk.isFloat(encoding), encoding > 3)
                    : series.floats(1 + random.nextInt(150), encoding == 4);
            encoder.encode(samples, 0, samples.size(), (written, min, max, chunk) -> {
                if (written == encoding) {
                    chunks.add(chunk);
                }
            });
        }
        return chunks;
    }

    /** Whether the chunk could be read. */
    private boolean read(int encoding, byte[] chunk, int length, int round) {
        byte[] padded = Chunks.padded(chunk, length);
        // What stands behind the chunk is of the one read before into the same array.
        for (int i = length; i < padded.length; i++) {
            padded[i] = (byte) (round * 31 + i);
        }
        SampleBuffer into = new SampleBuffer();
        long before = threads.getCurrentThreadAllocatedBytes();
        boolean read = true;
        try {
            ChunkCodec.decode(encoding, padded, length, Long.MIN_VALUE, Long.MAX_VALUE, into);
            assertThat(into.size()).isEqualTo(ChunkCodec.samples(encoding, chunk));
        } catch (CorruptionException e) {
            assertThat(e.offset()).isBetween(0L, length + 40L);
            read = false;
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("seed %d, round %d", SEED, round)
                .isLessThan(BYTES_IN_ANY_CASE + length * 8L * BYTES_PER_BIT);
        return read;
    }
}
