package org.narthex.promql.eval;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.narthex.api.query.QueryException;

/**
 * Threads that help callers with big loops. The caller always works too and never waits for a helper that has not begun, so that queries
 * do not wait for each other. Threads are made when first needed and end when idle.
 */
public final class EvalPool implements AutoCloseable {
    /** Fewer items are not worth the hand-over. */
    static final int MIN_ITEMS = 32;

    /** In bytes, deep enough for the trees of long expressions; only what is used of it takes memory. */
    public static final long STACK_SIZE = 256 << 20;

    private static final int IDLE_SECONDS = 20;

    /** Work on items {@code from} to {@code to}, exclusive. */
    @FunctionalInterface
    public interface Chunk {
        void run(int from, int to) throws QueryException;
    }

    private final int helpers;
    private final AtomicInteger threadNumber = new AtomicInteger();
    /** Guarded by this. */
    private ThreadPoolExecutor executor;

    private boolean closed;

    /** @param helpers threads besides the caller's */
    public EvalPool(int helpers) {
        this.helpers = helpers;
    }

    /**
     * Runs all items; the first failure is thrown after all threads have stopped.
     *
     * @param least so many items are worth a thread
     */
    public void run(int items, int least, Chunk chunk) throws QueryException {
        if (items < 2 * least || helpers == 0) {
            if (items > 0) {
                chunk.run(0, items);
            }
            return;
        }
        Loop loop = new Loop(items, helpers + 1, chunk);
        ThreadPoolExecutor threads = executor();
        int asked = Math.min(helpers, items / least);
        for (int i = 0; i < asked && threads != null; i++) {
            try {
                threads.execute(loop);
            } catch (RejectedExecutionException e) {
                break;
            }
        }
        loop.work();
        loop.finish();
    }

    private synchronized ThreadPoolExecutor executor() {
        if (executor == null && !closed) {
            executor = new ThreadPoolExecutor(
                    helpers, helpers, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                        Thread thread = new Thread(
                                null, task, "narthex-promql-eval-" + threadNumber.incrementAndGet(), STACK_SIZE);
                        thread.setDaemon(true);
                        return thread;
                    });
            executor.allowCoreThreadTimeOut(true);
        }
        return executor;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (executor != null) {
            executor.shutdown();
        }
    }

    /** One loop; chunks are handed out by a counter, smaller ones towards the end, so that no thread is left with much work while others wait. */
    private static final class Loop implements Runnable {
        private static final int MOST = 64;
        /** A chunk is at most this part of what each thread would still have to do. */
        private static final int SHARE = 4;

        private final int items;
        private final int threads;
        private final Chunk chunk;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger open;
        private final CountDownLatch done = new CountDownLatch(1);
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Loop(int items, int threads, Chunk chunk) {
            this.items = items;
            this.threads = threads;
            this.chunk = chunk;
            this.open = new AtomicInteger(items);
        }

        /** The end of a chunk that begins there. */
        private int end(int from) {
            return from + Math.max(1, Math.min(MOST, (items - from) / (SHARE * threads)));
        }

        @Override
        public void run() {
            work();
        }

        void work() {
            while (true) {
                int from = next.getAndUpdate(at -> at < items ? end(at) : at);
                if (from >= items) {
                    return;
                }
                int to = end(from);
                try {
                    if (failure.get() == null) {
                        chunk.run(from, to);
                    }
                } catch (QueryException | RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    if (open.addAndGet(from - to) == 0) {
                        done.countDown();
                    }
                }
            }
        }

        void finish() throws QueryException {
            boolean interrupted = false;
            while (true) {
                try {
                    done.await();
                    break;
                } catch (InterruptedException e) {
                    // The others still use the query's storage: let them stop first.
                    failure.compareAndSet(
                            null,
                            new QueryException(
                                    QueryException.Kind.CANCELED, "query was canceled in expression evaluation"));
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            Throwable thrown = failure.get();
            if (thrown instanceof QueryException e) {
                throw e;
            }
            if (thrown instanceof RuntimeException e) {
                throw e;
            }
            if (thrown instanceof Error e) {
                throw e;
            }
        }
    }
}
