package org.narthex.promql.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.promql.function.Functions;
import org.narthex.promql.parser.Expr;

/** One series may have so many samples and steps that a query must stop in its middle when it is canceled. */
class LongRowTest {
    private static final int SAMPLES = 20_000;
    private static final int STEPS = 5_000;
    private static final RangeShape SHAPE =
            new RangeShape(new Grid(SAMPLES * 500L, 1_000, STEPS), 2_000_000, false, 0, 0, 0, 0);

    private final AtomicBoolean canceled = new AtomicBoolean();
    private final Budget budget = new Budget(
            new Budget.Most(Long.MAX_VALUE, Long.MAX_VALUE),
            new MemoryPool(Long.MAX_VALUE),
            System.nanoTime() + TimeUnit.HOURS.toNanos(1),
            canceled);
    private final Scratch scratch = new Scratch(budget);
    private final double[] out = new double[STEPS];
    private final double[] halves = new double[STEPS];

    @ParameterizedTest
    @CsvSource({
        "rate, PLAIN, false",
        "rate, PLAIN, true",
        "increase, ANCHORED, false",
        "rate, SMOOTHED, false",
        "resets, ANCHORED, false",
        "sum_over_time, PLAIN, false",
        "avg_over_time, PLAIN, false",
        "stddev_over_time, PLAIN, false",
        "mad_over_time, PLAIN, false",
        "deriv, PLAIN, false",
        "predict_linear, PLAIN, false"
    })
    void stopsInItsMiddle(String function, Expr.Edges edges, boolean startTimes) throws QueryException {
        RangeFunction range = ((Kernel.OverRange) Functions.builtIn().kernels().get(function)).function(edges);
        Arrays.fill(halves, 0.5);
        double[][] parameters = {null, halves};
        scratch.windows().slide(oftenReset(startTimes), SHAPE, scratch);
        range.apply(scratch.windows(), parameters, out, scratch);
        assertThat(out[STEPS - 1]).isNotNaN();

        canceled.set(true);
        Arrays.fill(out, -1);
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> range.apply(scratch.windows(), parameters, out, scratch))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.CANCELED));
        assertThat(out[STEPS - 1]).isEqualTo(-1);
    }

    @Test
    void stopsWhileItIsBeingRead() {
        AtomicInteger read = new AtomicInteger();
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> scratch.read(
                        endless(samples -> {
                            read.set(samples);
                            canceled.set(samples > 1_000_000);
                        }),
                        0,
                        0,
                        Long.MAX_VALUE))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.CANCELED));
        assertThat(read.get()).isGreaterThan(1_000_000);
    }

    @Test
    void isRefusedBeforeItTakesMoreMemoryThanTheQueryMayHave() throws QueryException {
        Budget small = new Budget(
                new Budget.Most(Long.MAX_VALUE, 16_000_000),
                new MemoryPool(Long.MAX_VALUE),
                System.nanoTime() + TimeUnit.HOURS.toNanos(1),
                canceled);
        Scratch within = new Scratch(small);
        assertThatExceptionOfType(LimitReached.class)
                .isThrownBy(() -> within.read(endless(samples -> {}), 0, 0, Long.MAX_VALUE))
                .withMessageContaining("16000000 bytes of --query.max-bytes");
        assertThat(within.samples().values().length).isLessThanOrEqualTo(1_000_000);
        within.settle();
        assertThat(small.heldBytes()).isZero();
    }

    /** A series that only a guard ends; tells now and then how many samples it has given. */
    private static SeriesSet endless(IntConsumer progress) {
        return new SeriesSet() {
            @Override
            public int size() {
                return 1;
            }

            @Override
            public Labels labels(int series) {
                return Labels.EMPTY;
            }

            @Override
            public void read(int series, long minTimeMs, long maxTimeMs, SampleBuffer into) {
                into.clear();
                for (int i = 0; i < 50_000_000; i++) {
                    into.add(i, i);
                    if (i % 1_000 == 0) {
                        progress.accept(i);
                    }
                }
            }
        };
    }

    /** A counter that falls at every other sample. */
    private static SampleBuffer oftenReset(boolean startTimes) {
        SampleBuffer samples = new SampleBuffer();
        for (int i = 0; i < SAMPLES; i++) {
            samples.add(i * 1_000L, i % 2 == 0 ? 0.75 : 0.25);
            if (startTimes) {
                samples.startTimestampMs(i, i * 1_000L);
            }
        }
        return samples;
    }
}
