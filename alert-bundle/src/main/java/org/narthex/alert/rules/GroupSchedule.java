package org.narthex.alert.rules;

import java.nio.charset.StandardCharsets;

/**
 * When a group is evaluated: every {@code intervalMs} at an offset that follows from its file and name, so that groups are spread evenly and
 * each stays at its phase over restarts. Evaluation times are these points exactly.
 */
record GroupSchedule(long intervalMs, long offsetMs) {
    static GroupSchedule of(String file, String name, long intervalMs) {
        return new GroupSchedule(intervalMs, Long.remainderUnsigned(hash(file + '\u00ff' + name), intervalMs));
    }

    private static long hash(String text) {
        long h = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            h = (h ^ (b & 0xff)) * 0x100000001b3L;
        }
        // FNV alone leaves neighbours close in the high bits.
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        return h ^ (h >>> 33);
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
