package org.narthex.tsdb.chunk;

import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.encoding.CorruptionException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to decode one sample of a chunk of 120 floats, scraped every 15 s with a jitter of some ms. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkDecodeBenchmark {
    private static final int SAMPLES = 120;
    /** So many chunks that no branch predictor learns them by heart. */
    private static final int CHUNKS = 500;

    private static final long SEED = 42;
    private static final int INTERVAL_MS = 15_000;
    private static final int JITTER_MS = 5;

    /** What the series looks like. */
    public enum Shape {
        CONSTANT,
        COUNTER,
        GAUGE
    }

    @Param
    private Shape shape;

    private final byte[][] chunks = new byte[CHUNKS][];
    private final int[] lengths = new int[CHUNKS];
    private final SampleBuffer buffer = new SampleBuffer(SAMPLES);

    @Setup
    public void setUp() {
        Random random = new Random(SEED);
        for (int i = 0; i < CHUNKS; i++) {
            byte[] chunk = chunk(random);
            lengths[i] = chunk.length;
            chunks[i] = Chunks.padded(chunk, chunk.length);
        }
    }

    private byte[] chunk(Random random) {
        long[] timestampsMs = new long[SAMPLES];
        double[] values = new double[SAMPLES];
        double count = random.nextInt(1_000_000);
        for (int i = 0; i < SAMPLES; i++) {
            timestampsMs[i] = (long) i * INTERVAL_MS + random.nextInt(JITTER_MS);
            count += random.nextInt(50);
            values[i] = switch (shape) {
                case CONSTANT -> 1;
                case COUNTER -> count;
                case GAUGE -> random.nextGaussian();
            };
        }
        return new XorChunk().encode(timestampsMs, values, 0, SAMPLES);
    }

    @Benchmark
    @OperationsPerInvocation(CHUNKS * SAMPLES)
    public double decode() throws CorruptionException {
        double last = 0;
        for (int i = 0; i < CHUNKS; i++) {
            buffer.clear();
            ChunkCodec.decode(XorChunk.ENCODING, chunks[i], lengths[i], Long.MIN_VALUE, Long.MAX_VALUE, buffer);
            last += buffer.values()[SAMPLES - 1];
        }
        return last;
    }
}
