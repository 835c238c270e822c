package org.narthex.rest;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks its own web server a few queries of the stored series, over and over for some seconds, when the program has nothing to do after its start.
 * A JVM makes fast code only of what it has seen running: without this a dashboard's first queries take two to ten times as long as later ones.
 * Stops for good after its share of work, and pauses whenever somebody asks or the processors are needed.
 */
final class WarmUp implements AutoCloseable {
    /** What is asked has this origin in the list of running queries. */
    static final Map<String, String> ORIGIN = Map.of("purpose", "warm-up");

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    /** After so much work the compiler has seen enough. */
    private static final Duration WORK = Duration.ofSeconds(6);
    /** Without any series to ask for, for example. */
    private static final Duration GIVE_UP = Duration.ofHours(1);

    private static final Duration LOOK = Duration.ofMillis(400);
    /** Of one core. */
    private static final double IDLE = 0.3;

    private final Question question;
    private final LiveServices services;
    private final InstantSource clock;
    private final Thread thread;
    private volatile boolean closed;
    private volatile long lastAskedNanos = System.nanoTime();

    WarmUp(Question question, LiveServices services, InstantSource clock) {
        this.question = question;
        this.services = services;
        this.clock = clock;
        this.thread = new Thread(this::run, "narthex-rest-warm-up");
        thread.setDaemon(true);
    }

    /** How to ask. */
    @FunctionalInterface
    interface Question {
        /** @param path below the API's root, with parameters */
        void ask(String path) throws IOException;
    }

    WarmUp start() {
        thread.start();
        return this;
    }

    /** Says that somebody asks, who is not to be disturbed. */
    void asked() {
        lastAskedNanos = System.nanoTime();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        long began = System.nanoTime();
        long worked = 0;
        try {
            while (!closed && worked < WORK.toNanos() && System.nanoTime() - began < GIVE_UP.toNanos()) {
                if (isIdle()) {
                    worked += work();
                }
            }
            LOG.debug(
                    "warmed up after {} s",
                    Duration.ofNanos(System.nanoTime() - began).toSeconds());
        } catch (InterruptedException e) {
            LOG.debug("stopped warming up");
        }
    }

    /** Looks for a moment whether anything else is going on. */
    private boolean isIdle() throws InterruptedException {
        Duration before = processorTime();
        long asked = lastAskedNanos;
        Thread.sleep(LOOK.toMillis());
        Duration used = processorTime().minus(before);
        return asked == lastAskedNanos && used.toNanos() < IDLE * LOOK.toNanos() && !logsQueries();
    }

    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** A log of queries is to tell of people's. */
    private boolean logsQueries() {
        return services.configSource
                .get()
                .map(source -> !source.current().global().queryLogFile().isEmpty())
                .orElse(false);
    }

    /** Asks until somebody else does or the share is done; returns how long that took, in nanoseconds. */
    private long work() {
        long began = System.nanoTime();
        long asked = lastAskedNanos;
        List<String> all = WarmUpQueries.of(services, clock.millis());
        boolean some = !all.isEmpty();
        while (some && System.nanoTime() - began < WORK.toNanos()) {
            for (String path : all) {
                if (closed || asked != lastAskedNanos) {
                    some = false;
                    break;
                }
                ask(path);
            }
        }
        return System.nanoTime() - began;
    }

    private void ask(String path) {
        try {
            question.ask(path);
        } catch (IOException e) {
            // Not every query suits every series, and the storage may be away.
            LOG.debug("a query of the warm-up failed: {}", e.getMessage());
        }
    }
}
