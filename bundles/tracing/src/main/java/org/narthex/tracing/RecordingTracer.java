package org.narthex.tracing;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

import org.narthex.api.trace.Span;
import org.narthex.api.trace.Tracer;

/** Follows what it is told of traces by others, and decides about those that begin here. */
final class RecordingTracer implements Tracer {
    /** What a thread is in; {@link Span#NONE} for one whose work is not taken down. */
    private static final ThreadLocal<Span> CURRENT = new ThreadLocal<>();

    private final double samplingFraction;
    private final InstantSource clock;
    private final Consumer<EndedSpan> ended;

    /** @param ended is told of each sampled span at its end */
    RecordingTracer(double samplingFraction, InstantSource clock, Consumer<EndedSpan> ended) {
        this.samplingFraction = samplingFraction;
        this.clock = clock;
        this.ended = ended;
    }

    @Override
    public Span begin(String name, Span.Kind kind) {
        return begin(name, kind, Optional.empty());
    }

    @Override
    public Span begin(String name, Span.Kind kind, Optional<String> traceparent) {
        Span around = CURRENT.get();
        if (around == Span.NONE) {
            return Span.NONE;
        }
        Optional<TraceContext> parent = traceparent.flatMap(TraceContext::parse);
        if (parent.isEmpty() && around instanceof TracedSpan traced) {
            parent = Optional.of(traced.context());
        }
        return new TracedSpan(
                this,
                parent.map(TraceContext::child).orElseGet(() -> TraceContext.random(samplingFraction)),
                parent.isPresent() ? OptionalLong.of(parent.get().spanId()) : OptionalLong.empty(),
                name,
                kind,
                unixNanos(clock.instant()),
                ended);
    }

    private static long unixNanos(Instant now) {
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** Takes nothing down that this thread does: exporting traces would make traces without end. */
    void mute() {
        CURRENT.set(Span.NONE);
    }

    Span.Scope enter(TracedSpan span) {
        Span before = CURRENT.get();
        CURRENT.set(span);
        return () -> {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        };
    }
}
