package org.narthex.http.client.plain;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * When exchanges are over at the latest. Nearly all end long before, so whoever waits for deadlines is to be woken rarely: it waits for the first one that
 * was set, whether that exchange is still under way or not. Thread-safe.
 */
final class Deadlines {
    private record Deadline(long nanos, Exchange<?> exchange) {}

    private final PriorityQueue<Deadline> queue = new PriorityQueue<>((a, b) -> Long.signum(a.nanos - b.nanos));
    private final long longestWaitNanos;
    /** When the one who waits wakes up by itself. */
    private long plannedNanos;

    Deadlines(long longestWaitNanos, long nowNanos) {
        this.longestWaitNanos = longestWaitNanos;
        this.plannedNanos = nowNanos;
    }

    /** Returns whether the one who waits would wake up too late and has to be woken. */
    synchronized boolean add(Exchange<?> exchange, long nanos) {
        queue.add(new Deadline(nanos, exchange));
        if (nanos - plannedNanos < 0) {
            plannedNanos = nanos;
            return true;
        }
        return false;
    }

    /** How long to wait from now; forgets exchanges that are over. */
    synchronized long waitNanos(long nowNanos) {
        while (!queue.isEmpty() && queue.peek().exchange.isOver()) {
            queue.poll();
        }
        if (plannedNanos - nowNanos <= 0) {
            plannedNanos = nowNanos + longestWaitNanos;
            if (!queue.isEmpty() && queue.peek().nanos - plannedNanos < 0) {
                plannedNanos = queue.peek().nanos;
            }
        }
        return Math.max(0, plannedNanos - nowNanos);
    }

    /** Takes the exchanges that had their time and are not over. */
    synchronized List<Exchange<?>> overdue(long nowNanos) {
        if (queue.isEmpty() || queue.peek().nanos - nowNanos > 0) {
            return List.of();
        }
        List<Exchange<?>> overdue = new ArrayList<>();
        while (!queue.isEmpty() && queue.peek().nanos - nowNanos <= 0) {
            Exchange<?> exchange = queue.poll().exchange;
            if (!exchange.isOver()) {
                overdue.add(exchange);
            }
        }
        return overdue;
    }

    /** Takes all exchanges. */
    synchronized List<Exchange<?>> all() {
        List<Exchange<?>> all = new ArrayList<>();
        queue.forEach(deadline -> all.add(deadline.exchange));
        queue.clear();
        return all;
    }
}
