package org.narthex.alert.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that help the loops of groups with rules that may be evaluated at once; so many for all groups together. Thread-safe. */
final class RuleWorkers {
    private static final long IDLE_SECONDS = 60;

    private final ExecutorService threads;

    /** @param most so many rules beside those that the loops themselves are at */
    RuleWorkers(int most) {
        AtomicInteger count = new AtomicInteger();
        // What finds no thread that is free is done by the caller: nobody waits for a turn while it could work.
        threads = new ThreadPoolExecutor(
                0,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "narthex-alert-rule-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                (task, stopped) -> task.run());
    }

    /** Returns when all are done. */
    void runAll(List<Runnable> tasks) {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (Runnable task : tasks.subList(1, tasks.size())) {
            running.add(CompletableFuture.runAsync(task, threads));
        }
        tasks.get(0).run();
        running.forEach(CompletableFuture::join);
    }

    void stop() {
        threads.shutdownNow();
    }
}
