package org.narthex.scrape;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks when they are due, all by one thread. What is canceled is forgotten when it would have been due, which costs nothing: scrapes set
 * and cancel a timeout each, many times a second. Thread-safe.
 */
final class Timers {
    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);

    private final Thread thread;
    /** By the time they are due; guarded by its own monitor. */
    private final PriorityQueue<Timer> queue = new PriorityQueue<>((a, b) -> Long.signum(a.dueNanos - b.dueNanos));

    private volatile boolean stopped;

    /** Something that is due. */
    private static final class Timer implements Clockwork.Task {
        private final long dueNanos;
        /** Null once it was canceled. */
        private volatile Runnable task;

        Timer(long dueNanos, Runnable task) {
            this.dueNanos = dueNanos;
            this.task = task;
        }

        @Override
        public void cancel() {
            task = null;
        }
    }

    Timers(String name) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs a task after so many milliseconds. */
    Clockwork.Task after(long delayMs, Runnable task) {
        Timer timer = new Timer(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs), task);
        boolean first;
        synchronized (queue) {
            queue.add(timer);
            first = queue.peek() == timer;
        }
        if (first && Thread.currentThread() != thread) {
            LockSupport.unpark(thread);
        }
        return timer;
    }

    private void run() {
        while (!stopped) {
            long now = System.nanoTime();
            Timer due = null;
            long waitNanos = Long.MAX_VALUE;
            synchronized (queue) {
                forgetCanceled();
                Timer first = queue.peek();
                if (first != null && first.dueNanos - now <= 0) {
                    due = queue.poll();
                } else if (first != null) {
                    waitNanos = first.dueNanos - now;
                }
            }
            if (due == null) {
                LockSupport.parkNanos(this, waitNanos);
                continue;
            }
            Runnable task = due.task;
            if (task != null) {
                run(task);
            }
        }
    }

    /** Whatever a task throws, such as an error for want of threads, the others are still run. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("a task that was due failed", e);
        }
    }

    private void forgetCanceled() {
        while (!queue.isEmpty() && queue.peek().task == null) {
            queue.poll();
        }
    }

    /** Ends the thread; what is not due yet is dropped. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }
}
