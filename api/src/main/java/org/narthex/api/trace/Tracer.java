package org.narthex.api.trace;

import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes down how long things take. Registered as a service while traces are wanted, so that whoever finds none has nothing to do. Thread-safe.
 */
@ProviderType
public interface Tracer {
    /** Begins a span that belongs to what the thread is {@linkplain Span#enter() in}, or is the first of a trace. */
    Span begin(String name, Span.Kind kind);

    /**
     * Begins a span that belongs to what a caller elsewhere does.
     *
     * @param traceparent the header of that name (W3C Trace Context); one that is not valid counts as none, and then a trace begins here
     */
    Span begin(String name, Span.Kind kind, Optional<String> traceparent);
}
