package org.narthex.promql.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.atomic.AtomicIntegerArray;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.query.QueryException;

class EvalPoolTest {
    private final EvalPool pool = new EvalPool(3);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void runsEveryItemOnce() throws QueryException {
        AtomicIntegerArray runs = new AtomicIntegerArray(10_007);
        pool.run(runs.length(), 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                runs.incrementAndGet(i);
            }
        });
        for (int i = 0; i < runs.length(); i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
    }

    @Test
    void throwsWhatAnItemThrewAfterAllHaveStopped() {
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> pool.run(1_000, 1, (from, to) -> {
                    if (from >= 500) {
                        throw new QueryException(QueryException.Kind.EXECUTION, "item " + from);
                    }
                }))
                .withMessageStartingWith("item");
    }

    @Test
    void callerWorksAloneOnceClosed() throws QueryException {
        pool.close();
        int[] count = new int[1];
        Thread caller = Thread.currentThread();
        pool.run(100, 1, (from, to) -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            count[0] += to - from;
        });
        assertThat(count[0]).isEqualTo(100);
    }
}
