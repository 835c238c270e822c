package org.narthex.functions.anomaly;

import java.util.Arrays;

import org.narthex.api.query.FunctionPack;

/** The samples of a window whose values are numbers, in ascending time. */
final class Samples {
    private final long[] timestampsMs;
    private final double[] values;
    private final int size;

    private Samples(long[] timestampsMs, double[] values, int size) {
        this.timestampsMs = timestampsMs;
        this.values = values;
        this.size = size;
    }

    static Samples of(FunctionPack.Window window) {
        long[] timestampsMs = new long[window.size()];
        double[] values = new double[window.size()];
        int size = 0;
        for (int i = 0; i < window.size(); i++) {
            double value = window.value(i);
            if (!Double.isNaN(value)) {
                timestampsMs[size] = window.timestampMs(i);
                values[size++] = value;
            }
        }
        return new Samples(timestampsMs, values, size);
    }

    int size() {
        return size;
    }

    long timestampMs(int i) {
        return timestampsMs[i];
    }

    double value(int i) {
        return values[i];
    }

    /** A copy of values {@code from} to {@code to}, exclusive, in ascending order. */
    double[] sorted(int from, int to) {
        double[] sorted = Arrays.copyOfRange(values, from, to);
        Arrays.sort(sorted);
        return sorted;
    }

    /** Index of the first sample later than the time. */
    int after(long timeMs) {
        int at = Arrays.binarySearch(timestampsMs, 0, size, timeMs);
        return at >= 0 ? at + 1 : -at - 1;
    }
}
