package org.narthex.alert.rules;

import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Evaluates one group again and again at the points of its schedule. */
final class GroupLoop {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLoop.class);

    private final RuleGroupEvaluation group;
    private final GroupSchedule schedule;
    private final ScheduledExecutorService executor;
    private final InstantSource clock;
    private volatile boolean stopped;

    GroupLoop(RuleGroupEvaluation group, ScheduledExecutorService executor, InstantSource clock) {
        this.group = group;
        this.schedule = GroupSchedule.of(
                group.config().file(), group.config().name(), group.config().intervalMs());
        this.executor = executor;
        this.clock = clock;
    }

    RuleGroupEvaluation group() {
        return group;
    }

    void start() {
        runAt(schedule.pointAfter(clock.millis()));
    }

    /** No evaluation begins after this; one may still be under way. */
    void stop() {
        stopped = true;
    }

    /** Goes on from where a stopped loop of the same group stands once its evaluation under way is over. */
    void startAfter(GroupLoop earlier) {
        executor.execute(() -> {
            synchronized (earlier) {
                group.copyStateOf(earlier.group);
            }
            start();
        });
    }

    private void runAt(long timeMs) {
        if (!stopped) {
            try {
                Future<?> unused = executor.schedule(
                        () -> run(timeMs), Math.max(0, timeMs - clock.millis()), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                stopped = true;
            }
        }
    }

    private void run(long timeMs) {
        try {
            synchronized (this) {
                if (!stopped) {
                    group.evaluate(timeMs);
                }
            }
        } catch (RuntimeException | Error e) {
            // The executor would keep it to itself.
            LOG.error("Evaluation of rule group {} failed", group.config().name(), e);
        } finally {
            runAt(next(timeMs));
        }
    }

    /** The point after {@code timeMs}, or the last one that is due by now; those between are missed and counted. */
    long next(long timeMs) {
        long due = schedule.pointBefore(clock.millis());
        long next = Math.max(timeMs + schedule.intervalMs(), due);
        long missed = (next - timeMs) / schedule.intervalMs() - 1;
        if (missed > 0) {
            group.counters().missed(missed);
        }
        return next;
    }
}
