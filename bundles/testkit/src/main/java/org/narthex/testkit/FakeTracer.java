package org.narthex.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.narthex.api.trace.Span;
import org.narthex.api.trace.Tracer;

/** Keeps what it is told of; what one thread enters counts for all. Thread-safe. */
public final class FakeTracer implements Tracer {
    /**
     * A span that ended.
     *
     * @param parent the name of the span around it, or a caller's {@code traceparent}; empty for none
     * @param failure empty if it did not fail, or for no reason
     */
    public record Ended(
            String name,
            Span.Kind kind,
            String parent,
            Map<String, String> attributes,
            boolean failed,
            String failure) {
        public Ended {
            attributes = Map.copyOf(attributes);
        }
    }

    private final List<Ended> ended = new ArrayList<>();
    private final Deque<String> inside = new ArrayDeque<>();

    @Override
    public Span begin(String name, Span.Kind kind) {
        return begin(name, kind, Optional.empty());
    }

    @Override
    public synchronized Span begin(String name, Span.Kind kind, Optional<String> traceparent) {
        String around = inside.isEmpty() ? "" : inside.peek();
        return new Noted(name, kind, traceparent.orElse(around));
    }

    /** Those that ended, in this order. */
    public synchronized List<Ended> ended() {
        return List.copyOf(ended);
    }

    /** Waits at most ten seconds for so many to have ended. */
    public synchronized List<Ended> await(int count) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (ended.size() < count && System.nanoTime() < deadline) {
            wait(1_000);
        }
        return ended();
    }

    private synchronized void end(Ended span) {
        ended.add(span);
        notifyAll();
    }

    private synchronized Span.Scope enter(String name) {
        inside.push(name);
        return () -> {
            synchronized (this) {
                inside.pop();
            }
        };
    }

    private final class Noted implements Span {
        private final String name;
        private final Kind kind;
        private final String parent;
        private final Map<String, String> attributes = new TreeMap<>();
        private Optional<String> failure = Optional.empty();
        private boolean over;

        Noted(String name, Kind kind, String parent) {
            this.name = name;
            this.kind = kind;
            this.parent = parent;
        }

        @Override
        public synchronized Span set(String key, String value) {
            attributes.put(key, value);
            return this;
        }

        @Override
        public Span set(String key, long value) {
            return set(key, Long.toString(value));
        }

        @Override
        public synchronized void fail(String reason) {
            failure = Optional.of(reason);
        }

        @Override
        public Scope enter() {
            return FakeTracer.this.enter(name);
        }

        @Override
        public String traceparent() {
            return "00-00000000000000000000000000000001-0000000000000002-01";
        }

        @Override
        public synchronized void close() {
            if (!over) {
                over = true;
                end(new Ended(name, kind, parent, attributes, failure.isPresent(), failure.orElse("")));
            }
        }
    }
}
