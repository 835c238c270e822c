package org.narthex.tracing;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.narthex.api.trace.Span;

/**
 * What is to be told of a span.
 *
 * @param beganUnixNanos nanoseconds since the epoch
 * @param failure why it failed, if it did
 */
record EndedSpan(
        TraceContext context,
        OptionalLong parentId,
        String name,
        Span.Kind kind,
        long beganUnixNanos,
        long endedUnixNanos,
        List<Attribute> attributes,
        Optional<String> failure) {
    /** @param value a text or a whole number */
    record Attribute(String key, Object value) {}

    EndedSpan {
        attributes = List.copyOf(attributes);
    }
}
