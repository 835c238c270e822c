package org.narthex.functions.anomaly;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.query.FunctionPack;

/** Windows and vectors as the engine gives them, and calls as it makes them. */
final class Given {
    static final long MINUTE_MS = 60_000;

    private static final Map<String, FunctionPack.Function> FUNCTIONS = new AnomalyFunctions().functions();

    private Given() {}

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Series(long startMs, long endMs, long[] timestampsMs, double[] values)
            implements FunctionPack.Window {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public long timestampMs(int i) {
            return timestampsMs[i];
        }

        @Override
        public double value(int i) {
            return values[i];
        }
    }

    /** One sample each minute, the last one at the window's end. */
    static FunctionPack.Window everyMinute(double... values) {
        long[] timestampsMs = new long[values.length];
        Arrays.setAll(timestampsMs, i -> (i + 1) * MINUTE_MS);
        return window(0, values.length * MINUTE_MS, timestampsMs, values);
    }

    static FunctionPack.Window window(long startMs, long endMs, long[] timestampsMs, double[] values) {
        return new Series(startMs, endMs, timestampsMs, values);
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Vector(List<Labels> metrics, double[] values) implements FunctionPack.Elements {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public Labels labels(int i) {
            return metrics.get(i);
        }

        @Override
        public double value(int i) {
            return values[i];
        }

        @Override
        public long timeMs() {
            return 0;
        }
    }

    /** NaN for none, which it is: the marker is one. */
    static double call(String name, FunctionPack.Window window, double... parameters) {
        FunctionPack.Declared declared = (FunctionPack.Declared) FUNCTIONS.get(name);
        if (parameters.length < declared.least() || parameters.length > declared.most()) {
            throw new AssertionError(name + " takes " + declared.least() + " numbers");
        }
        return ((FunctionPack.OverWindow) declared.function()).value(window, parameters);
    }

    static boolean isNone(double value) {
        return StaleNaN.is(value);
    }

    /** The values of the elements that are outliers. */
    static double[] outliers(String name, Vector vector, double[] parameters, String... labels) {
        FunctionPack.Declared declared = (FunctionPack.Declared) FUNCTIONS.get(name);
        if (parameters.length != declared.least()) {
            throw new AssertionError(name + " takes " + declared.least() + " numbers");
        }
        double[] out = new double[vector.size()];
        Arrays.fill(out, StaleNaN.VALUE);
        ((FunctionPack.OverVector) declared.function()).values(vector, parameters, List.of(labels), out);
        return Arrays.stream(out).filter(value -> !StaleNaN.is(value)).toArray();
    }
}
