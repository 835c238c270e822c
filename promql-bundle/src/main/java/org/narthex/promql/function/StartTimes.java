package org.narthex.promql.function;

import org.narthex.promql.eval.Windows;

/** What start timestamps tell about counters: when they were reset, and from when on they count from zero. */
final class StartTimes {
    private StartTimes() {}

    /** Whether the counter was started anew between the sample and the one before it. */
    static boolean isReset(Windows windows, int i) {
        return isReset(
                windows.startTimestampMs(i - 1),
                windows.timestampsMs()[i - 1],
                windows.startTimestampMs(i),
                windows.timestampsMs()[i]);
    }

    static boolean isReset(long startBeforeMs, long beforeMs, long startMs, long timeMs) {
        if (startMs == 0 || startMs >= timeMs || startMs < beforeMs) {
            return false;
        }
        // A start at the very sample before is that of a delta, unless that sample's own start is unknown: then it is a
        // counter's first one.
        return startMs > beforeMs || (startBeforeMs != 0 && startBeforeMs < beforeMs);
    }

    /** When the window's first sample was zero, in milliseconds since the epoch, if that is within the range and known; else 0. */
    static long zeroMs(Windows windows, int step) {
        int first = windows.from(step);
        long start = windows.startTimestampMs(first);
        boolean known = start != 0 && start > windows.startMs(step) && start < windows.timestampsMs()[first];
        return known ? start : 0;
    }
}
