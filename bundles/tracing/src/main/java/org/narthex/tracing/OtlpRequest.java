package org.narthex.tracing;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

import org.narthex.api.trace.Span;

/** Writes {@code opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest}. */
final class OtlpRequest {
    private static final int STATUS_ERROR = 2;

    private final ProtoBytes resource = new ProtoBytes();
    private final ProtoBytes scope;

    /** @param resource what this process is, by the names of OpenTelemetry's semantic conventions */
    OtlpRequest(Map<String, String> resource, String version) {
        resource.forEach((key, value) -> this.resource.message(1, attribute(key, value)));
        scope = new ProtoBytes().text(1, "org.narthex").text(2, version);
    }

    byte[] of(List<EndedSpan> spans) {
        ProtoBytes scopeSpans = new ProtoBytes().message(1, scope);
        spans.forEach(span -> scopeSpans.message(2, of(span)));
        ProtoBytes resourceSpans = new ProtoBytes().message(1, resource).message(2, scopeSpans);
        return new ProtoBytes().message(1, resourceSpans).toByteArray();
    }

    private static ProtoBytes of(EndedSpan span) {
        TraceContext context = span.context();
        ProtoBytes out = new ProtoBytes()
                .bytes(1, bytes(context.traceHigh(), context.traceLow()))
                .bytes(2, bytes(context.spanId()));
        span.parentId().ifPresent(id -> out.bytes(4, bytes(id)));
        out.text(5, span.name())
                .varint(6, kind(span.kind()))
                .fixed64(7, span.beganUnixNanos())
                .fixed64(8, span.endedUnixNanos());
        span.attributes().forEach(attribute -> out.message(9, attribute(attribute.key(), attribute.value())));
        span.failure()
                .ifPresent(reason ->
                        out.message(15, new ProtoBytes().text(2, reason).varint(3, STATUS_ERROR)));
        return out;
    }

    private static int kind(Span.Kind kind) {
        return switch (kind) {
            case INTERNAL -> 1;
            case SERVER -> 2;
            case CLIENT -> 3;
        };
    }

    private static byte[] bytes(long... parts) {
        ByteBuffer buffer = ByteBuffer.allocate(parts.length * Long.BYTES);
        for (long part : parts) {
            buffer.putLong(part);
        }
        return buffer.array();
    }

    private static ProtoBytes attribute(String key, Object value) {
        ProtoBytes any = value instanceof Long number
                ? new ProtoBytes().varint(3, number)
                : new ProtoBytes().text(1, value.toString());
        return new ProtoBytes().text(1, key).message(2, any);
    }
}
