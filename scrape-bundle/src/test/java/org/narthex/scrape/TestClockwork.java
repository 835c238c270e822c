package org.narthex.scrape;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that stands still until it is advanced. Tasks that compute are done at once by whoever asks for them. */
final class TestClockwork implements Clockwork {
    private record Due(long timeMs, long order, Runnable task) {}

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::timeMs).thenComparingLong(Due::order));
    private long nowMs = 1_700_000_000_000L;
    private long order;
    private int works;

    @Override
    public synchronized long nowMs() {
        return nowMs;
    }

    @Override
    public synchronized Task after(long delayMs, Runnable task) {
        Due entry = new Due(nowMs + delayMs, order++, task);
        due.add(entry);
        return () -> {
            synchronized (this) {
                due.remove(entry);
            }
        };
    }

    @Override
    public void work(Runnable task) {
        synchronized (this) {
            works++;
        }
        task.run();
    }

    @Override
    public void workHere(Runnable task) {
        work(task);
    }

    @Override
    public Task foreign(Runnable task) {
        task.run();
        return () -> {};
    }

    @Override
    public void stop() {
        synchronized (this) {
            due.clear();
        }
    }

    /** Lets time pass until some work was begun, as by the next scrape. */
    void advanceToWork() {
        int before = works();
        while (works() == before) {
            Due next;
            synchronized (this) {
                next = due.remove();
                nowMs = Math.max(nowMs, next.timeMs);
            }
            next.task.run();
        }
    }

    private synchronized int works() {
        return works;
    }

    /** Lets so much time pass, doing what becomes due on the way. */
    void advance(long ms) {
        long end = nowMs() + ms;
        while (true) {
            Due next;
            synchronized (this) {
                next = due.peek();
                if (next == null || next.timeMs > end) {
                    nowMs = end;
                    return;
                }
                due.poll();
                nowMs = Math.max(nowMs, next.timeMs);
            }
            next.task.run();
        }
    }
}
