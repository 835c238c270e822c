package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.model.SampleValue;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.chunk.ChunkCodec;
import org.narthex.tsdb.chunk.ChunkEncoder;

/**
 * Histogram chunks that a Prometheus mapped: one histogram of whole numbers, observed every second, which resets after 80 scrapes and changes its schema
 * after 120, and one of floats that is a gauge.
 */
class HeadHistogramChunksTest {
    private static final int HEADER = 8;
    private static final int INTEGERS = 2;
    private static final int FLOATS = 3;

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Chunk(long series, long minTimeMs, long maxTimeMs, int encoding, byte[] bytes) {}

    @Test
    void readsHistogramsAsPrometheusAnsweredThem() throws Exception {
        List<Chunk> chunks = chunks();
        String expected = Files.readString(folder().resolve("expected.json"));
        int compared = 0;
        for (Chunk chunk : chunks) {
            SampleBuffer samples = decode(chunk);
            assertThat(samples.timestampsMs()[0]).isEqualTo(chunk.minTimeMs());
            assertThat(samples.timestampsMs()[samples.size() - 1]).isEqualTo(chunk.maxTimeMs());
            for (int i = 0; i < samples.size(); i++) {
                Histogram histogram = samples.histogram(i);
                assertThat(histogram.problem()).isEmpty();
                assertThat(histogram.isFloat()).isEqualTo(chunk.encoding() == FLOATS);
                // Count and sum together are of one sample only, and Prometheus answered some of them.
                String answer = "\"count\":\"" + SampleValue.format(histogram.count()) + "\",\n\"sum\":\""
                        + SampleValue.format(histogram.sum()) + "\"";
                compared += expected.contains(answer) ? 1 : 0;
            }
        }
        assertThat(compared).isGreaterThan(10);
    }

    @Test
    void findsTheResetsAgainWhenTheSamplesAreEncodedAnew() throws Exception {
        SampleBuffer samples = new SampleBuffer();
        List<Integer> flags = new ArrayList<>();
        for (Chunk chunk : chunks()) {
            if (chunk.encoding() == INTEGERS) {
                flags.add(chunk.bytes()[2] & 0xc0);
                append(decode(chunk), samples);
            }
        }
        List<Integer> again = new ArrayList<>();
        new ChunkEncoder(120)
                .encode(samples, 0, samples.size(), (encoding, min, max, bytes) -> again.add(bytes[2] & 0xc0));
        // 10 = begun by a reset. How often a chunk is begun for its size may differ.
        assertThat(flags).contains(0x80);
        assertThat(again.stream().filter(flag -> flag == 0x80).count())
                .isEqualTo(flags.stream().filter(flag -> flag == 0x80).count());
        assertThat(samples.histogram(1).resetHint()).isEqualTo(ResetHint.NOT_RESET);
    }

    private static void append(SampleBuffer from, SampleBuffer into) {
        for (int i = 0; i < from.size(); i++) {
            into.add(from.timestampsMs()[i], from.histogram(i));
        }
    }

    private static SampleBuffer decode(Chunk chunk) throws IOException {
        SampleBuffer samples = new SampleBuffer();
        int length = chunk.bytes().length;
        ChunkCodec.decode(
                chunk.encoding(),
                Arrays.copyOf(chunk.bytes(), length + 100),
                length,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                samples);
        return samples;
    }

    private static Path folder() {
        return Fixture.folder("prom-2.42-native-histograms");
    }

    /** Of histograms only, in the order of the file. */
    private static List<Chunk> chunks() throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder().resolve("data/chunks_head/000001")));
        assertThat(file.getInt()).isEqualTo(0x0130BC91);
        file.position(HEADER);
        List<Chunk> chunks = new ArrayList<>();
        while (file.remaining() > 25) {
            long series = file.getLong();
            if (series == 0) {
                break;
            }
            long minTimeMs = file.getLong();
            long maxTimeMs = file.getLong();
            int encoding = file.get();
            byte[] bytes = new byte[(int) uvarint(file)];
            file.get(bytes);
            file.getInt();
            if (ChunkCodec.isHistogram(encoding)) {
                chunks.add(new Chunk(series, minTimeMs, maxTimeMs, encoding, bytes));
            }
        }
        assertThat(chunks).extracting(Chunk::encoding).contains(INTEGERS);
        return chunks;
    }

    private static long uvarint(ByteBuffer file) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = file.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }
}
