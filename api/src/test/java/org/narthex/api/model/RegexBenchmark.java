package org.narthex.api.model;

import java.util.concurrent.TimeUnit;

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

/** Time to match one label value, for the shapes of regular expressions that dashboards use. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class RegexBenchmark {
    private static final int VALUES = 1000;

    @Param({
        "host-7:9100",
        "host-7:9100|host-12:9100|host-300:9100|host-999:9100",
        "host-1.*",
        ".*:9100",
        ".+",
        "(?i)HOST-1[0-9]:9100",
        "host-[0-9]{1,2}:(9100|9090)"
    })
    private String regex;

    private Regex compiled;
    private String[] values;

    @Setup
    public void setUp() {
        compiled = Regex.compile(regex);
        values = new String[VALUES];
        for (int i = 0; i < VALUES; i++) {
            values[i] = "host-" + i + ":9100";
        }
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public int matches() {
        int matching = 0;
        for (String value : values) {
            matching += compiled.matches(value) ? 1 : 0;
        }
        return matching;
    }
}
