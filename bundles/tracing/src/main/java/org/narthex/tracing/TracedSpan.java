package org.narthex.tracing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

import org.narthex.api.trace.Span;

/** A span that knows its place; where the trace is not sampled it only passes that on. */
final class TracedSpan implements Span {
    private final RecordingTracer tracer;
    private final TraceContext context;
    private final OptionalLong parentId;
    private final String name;
    private final Kind kind;
    private final long beganNanos;
    private final long beganUnixNanos;
    private final Consumer<EndedSpan> ended;
    /** Guarded by this, as is what follows. */
    private final List<EndedSpan.Attribute> attributes = new ArrayList<>();

    private Optional<String> failure = Optional.empty();
    private boolean over;

    /** @param ended is told of the span at its end, if it is sampled */
    TracedSpan(
            RecordingTracer tracer,
            TraceContext context,
            OptionalLong parentId,
            String name,
            Kind kind,
            long nowUnixNanos,
            Consumer<EndedSpan> ended) {
        this.tracer = tracer;
        this.context = context;
        this.parentId = parentId;
        this.name = name;
        this.kind = kind;
        this.beganUnixNanos = nowUnixNanos;
        this.beganNanos = System.nanoTime();
        this.ended = ended;
    }

    TraceContext context() {
        return context;
    }

    @Override
    public Span set(String key, String value) {
        return add(new EndedSpan.Attribute(key, value));
    }

    @Override
    public Span set(String key, long value) {
        return add(new EndedSpan.Attribute(key, value));
    }

    private synchronized Span add(EndedSpan.Attribute attribute) {
        if (context.sampled() && !over) {
            attributes.add(attribute);
        }
        return this;
    }

    @Override
    public synchronized void fail(String reason) {
        failure = Optional.of(reason);
    }

    @Override
    public Scope enter() {
        return tracer.enter(this);
    }

    @Override
    public String traceparent() {
        return context.traceparent();
    }

    @Override
    public void close() {
        EndedSpan span;
        synchronized (this) {
            if (over || !context.sampled()) {
                return;
            }
            over = true;
            span = new EndedSpan(
                    context,
                    parentId,
                    name,
                    kind,
                    beganUnixNanos,
                    beganUnixNanos + System.nanoTime() - beganNanos,
                    attributes,
                    failure);
        }
        ended.accept(span);
    }
}
