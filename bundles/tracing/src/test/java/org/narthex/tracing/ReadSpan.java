package org.narthex.tracing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A span of a request, and what the request says of its sender. Field numbers are those of OpenTelemetry's {@code trace.proto}. */
record ReadSpan(
        Map<String, String> resource,
        String traceId,
        String spanId,
        String parentId,
        String name,
        long kind,
        long beganUnixNanos,
        long endedUnixNanos,
        Map<String, String> attributes,
        long status,
        String message) {
    /** A field of a message: a number, or bytes. */
    private static final class Field {
        private final int number;
        private final long value;
        private final byte[] bytes;

        Field(int number, long value, byte... bytes) {
            this.number = number;
            this.value = value;
            this.bytes = bytes;
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        String hex() {
            return HexFormat.of().formatHex(bytes);
        }
    }

    static List<ReadSpan> all(byte[] request) {
        List<ReadSpan> spans = new ArrayList<>();
        for (Field resourceSpans : fields(request, 1)) {
            Map<String, String> resource = new TreeMap<>();
            fields(resourceSpans.bytes, 1).forEach(field -> resource.putAll(attributes(field.bytes, 1)));
            for (Field scopeSpans : fields(resourceSpans.bytes, 2)) {
                fields(scopeSpans.bytes, 2).forEach(span -> spans.add(of(resource, span.bytes)));
            }
        }
        return spans;
    }

    private static ReadSpan of(Map<String, String> resource, byte[] span) {
        byte[] status =
                fields(span, 15).stream().map(field -> field.bytes).findFirst().orElse(new byte[0]);
        return new ReadSpan(
                resource,
                first(span, 1).hex(),
                first(span, 2).hex(),
                first(span, 4).hex(),
                first(span, 5).text(),
                first(span, 6).value,
                first(span, 7).value,
                first(span, 8).value,
                attributes(span, 9),
                first(status, 3).value,
                first(status, 2).text());
    }

    private static Map<String, String> attributes(byte[] message, int number) {
        Map<String, String> attributes = new TreeMap<>();
        for (Field field : fields(message, number)) {
            byte[] value = first(field.bytes, 2).bytes;
            List<Field> whole = fields(value, 3);
            attributes.put(
                    first(field.bytes, 1).text(),
                    whole.isEmpty() ? first(value, 1).text() : Long.toString(whole.get(0).value));
        }
        return attributes;
    }

    private static Field first(byte[] message, int number) {
        return fields(message, number).stream().findFirst().orElse(new Field(number, 0));
    }

    private static List<Field> fields(byte[] message, int number) {
        List<Field> fields = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long key = varint(in);
            Field field;
            switch ((int) (key & 7)) {
                case 0 -> field = new Field((int) (key >>> 3), varint(in));
                case 1 -> field = new Field((int) (key >>> 3), in.getLong());
                case 2 -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    field = new Field((int) (key >>> 3), 0, bytes);
                }
                default -> throw new IllegalArgumentException("wire type " + (key & 7));
            }
            if (field.number == number) {
                fields.add(field);
            }
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = in.get();
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }
}
