package org.narthex.alert.external;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.narthex.alert.RaisedAlert;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends alerts to one Alertmanager, on a thread of its own: what comes while it is slow or away waits in a queue whose oldest alerts give way. A
 * batch is tried once, for whatever still fires is raised again. Its lock guards the queue.
 */
final class SendLoop {
    private static final Logger LOG = LoggerFactory.getLogger(SendLoop.class);

    /** Posts a batch. */
    @FunctionalInterface
    interface Post {
        void post(URI url, List<RaisedAlert> batch) throws IOException;
    }

    private final URI url;
    private final int capacity;
    private final int batchSize;
    private final SendCounters counters;
    private final Deque<RaisedAlert> queue = new ArrayDeque<>();
    private final Thread thread;
    private final Post post;
    private boolean stopping;
    private boolean failing;

    SendLoop(URI url, int capacity, int batchSize, SendCounters counters, Post post) {
        this.url = url;
        this.capacity = capacity;
        this.batchSize = batchSize;
        this.counters = counters;
        this.post = post;
        thread = new Thread(this::run, "narthex-alert-send-" + url.getAuthority());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    synchronized int queued() {
        return queue.size();
    }

    synchronized void add(List<RaisedAlert> alerts) {
        int dropped = 0;
        for (RaisedAlert alert : alerts) {
            if (queue.size() == capacity) {
                queue.removeFirst();
                dropped++;
            }
            queue.addLast(alert);
        }
        if (dropped > 0) {
            counters.dropped(url, dropped);
            LOG.warn("The queue to {} is full, {} alerts were dropped", url, dropped);
        }
        notifyAll();
    }

    private void run() {
        for (List<RaisedAlert> batch = next(); !batch.isEmpty(); batch = next()) {
            send(batch);
        }
    }

    private void send(List<RaisedAlert> batch) {
        long start = System.nanoTime();
        try {
            post.post(url, batch);
            counters.sent(url, batch.size(), (System.nanoTime() - start) / 1e9);
            failing = false;
        } catch (IOException | RuntimeException | LinkageError e) {
            counters.failed(url, batch.size());
            if (!failing) {
                LOG.warn("{} alerts could not be sent to {}: {}", batch.size(), url, e.getMessage());
            }
            failing = true;
        }
    }

    /** Waits for alerts; empty if it is over. */
    private synchronized List<RaisedAlert> next() {
        try {
            while (queue.isEmpty() && !stopping) {
                wait();
            }
        } catch (InterruptedException e) {
            return List.of();
        }
        List<RaisedAlert> batch = new ArrayList<>();
        while (!queue.isEmpty() && batch.size() < batchSize) {
            batch.add(queue.removeFirst());
        }
        return batch;
    }

    /** @param drain whether what waits is sent first; else it is dropped */
    synchronized void stop(boolean drain) {
        stopping = true;
        if (!drain && !queue.isEmpty()) {
            counters.dropped(url, queue.size());
            queue.clear();
        }
        notifyAll();
    }

    /** Waits for the end of a stopped loop, then ends it whatever it does. */
    void join(long ms) {
        try {
            thread.join(Math.max(1, ms));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        int left = queued();
        if (left > 0) {
            counters.dropped(url, left);
        }
    }
}
