package org.narthex.alert.rules;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * When a group is evaluated: every {@code intervalMs} at an offset that follows from its file and name, so that groups are spread evenly and
 * each stays at its phase over restarts. The offset is the one that Prometheus gives the group, so both evaluate it at the same instants. Evaluation
 * times are these points exactly.
 */
record GroupSchedule(long intervalMs, long offsetMs) {
    private static final long NANOS_OF_MS = 1_000_000;
    /** Sizes from here on take three bytes more. */
    private static final int LONG_SIZE = 255;

    static GroupSchedule of(String file, String name, long intervalMs) {
        long offsetNanos = Long.remainderUnsigned(hash(file, name), intervalMs * NANOS_OF_MS);
        return new GroupSchedule(intervalMs, offsetNanos / NANOS_OF_MS);
    }

    /** That of the labels {@code file} and {@code name} as Prometheus 3 has them in memory: each text after its size. */
    private static long hash(String file, String name) {
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        for (String text : new String[] {"file", file, "name", name}) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            if (utf8.length < LONG_SIZE) {
                labels.write(utf8.length);
            } else {
                labels.write(LONG_SIZE);
                labels.write(utf8.length);
                labels.write(utf8.length >> 8);
                labels.write(utf8.length >> 16);
            }
            labels.writeBytes(utf8);
        }
        return XxHash64.of(labels.toByteArray());
    }

    /** The last point at or before the time. */
    long pointBefore(long timeMs) {
        return timeMs - Math.floorMod(timeMs - offsetMs, intervalMs);
    }

    /** The first point after the time. */
    long pointAfter(long timeMs) {
        return pointBefore(timeMs) + intervalMs;
    }
}
