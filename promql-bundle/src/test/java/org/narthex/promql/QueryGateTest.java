package org.narthex.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.narthex.api.query.QueryException;

class QueryGateTest {
    private final QueryGate gate = new QueryGate(1);

    private static long inSeconds(long seconds) {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void letsTheNextInWhenOneLeaves() throws Exception {
        gate.enter(inSeconds(60), new AtomicBoolean());
        CountDownLatch entered = new CountDownLatch(1);
        Thread second = new Thread(() -> {
            try {
                gate.enter(inSeconds(60), new AtomicBoolean());
                entered.countDown();
            } catch (QueryException e) {
                throw new IllegalStateException(e);
            }
        });
        second.start();
        assertThat(entered.getCount()).isEqualTo(1);
        gate.leave();
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        second.join(30_000);
    }

    @Test
    void givesUpAtTheDeadline() throws QueryException {
        gate.enter(inSeconds(60), new AtomicBoolean());
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> gate.enter(System.nanoTime() - 1, new AtomicBoolean()))
                .withMessage("query timed out in query queue");
    }

    @Test
    void canceledQueriesLeaveTheQueue() throws QueryException {
        gate.enter(inSeconds(60), new AtomicBoolean());
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> gate.enter(inSeconds(60), new AtomicBoolean(true)))
                .withMessage("query was canceled in query queue");
    }
}
