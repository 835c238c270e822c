package org.narthex.promql;

import java.io.IOException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.storage.memory.MemoryStorage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time to answer range queries over samples that need no decoding: 1,000 counters of 100 hosts and 10 modes, two hours of a sample every
 * 15 s, asked for the second hour in steps of a minute. What it is in JSON and on the wire is left out.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class QueryBenchmark {
    private static final int HOSTS = 100;
    private static final int MODES = 10;
    private static final int INTERVAL_MS = 15_000;
    private static final int SAMPLES = 480;
    private static final long HOUR_MS = 3_600_000;
    private static final long STEP_MS = 60_000;
    private static final long SEED = 42;

    @Param({
        // Range functions
        "rate(cpu[5m])",
        "max_over_time(cpu[5m])",
        "quantile_over_time(0.9, cpu[5m])",
        "deriv(cpu[5m])",
        // Aggregation
        "sum by (mode) (cpu)",
        "topk(5, cpu)",
        "quantile(0.9, cpu)",
        "sum by (mode) (rate(cpu[5m]))",
        // Joins
        "cpu / cpu",
        "cpu * on (host) group_left (rack) info",
        "cpu and on (host) info"
    })
    private String expression;

    private PromqlEngine engine;

    @Setup
    public void setUp() throws IOException {
        engine = Engines.over(storage(), new Limits(300_000, 120_000, 50_000_000, 20, Set.of()));
    }

    @TearDown
    public void tearDown() {
        engine.deactivate();
    }

    private static MemoryStorage storage() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        Random random = new Random(SEED);
        double[] counts = new double[HOSTS * MODES];
        for (int i = 0; i < SAMPLES; i++) {
            SampleBatch batch = new SampleBatch();
            for (int host = 0; host < HOSTS; host++) {
                String name = "host-" + host;
                batch.add(
                        Labels.of("__name__", "info", "host", name, "rack", "r" + host % 7), (long) i * INTERVAL_MS, 1);
                for (int mode = 0; mode < MODES; mode++) {
                    counts[host * MODES + mode] += random.nextInt(1000) / 100.0;
                    batch.add(
                            Labels.of("__name__", "cpu", "host", name, "mode", "mode-" + mode),
                            (long) i * INTERVAL_MS,
                            counts[host * MODES + mode]);
                }
            }
            storage.append(batch);
        }
        return storage;
    }

    @Benchmark
    public QueryResult query() throws QueryException {
        return engine.query(QueryRequest.range(expression, HOUR_MS, 2 * HOUR_MS, STEP_MS));
    }
}
