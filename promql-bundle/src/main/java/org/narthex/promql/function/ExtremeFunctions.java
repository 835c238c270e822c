package org.narthex.promql.function;

import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.MixedFunction;
import org.narthex.promql.eval.RangeFunction;
import org.narthex.promql.eval.Scratch;
import org.narthex.promql.eval.Windows;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.ValueType;

/** Smallest and greatest samples of a window, and when they were. */
final class ExtremeFunctions {
    private ExtremeFunctions() {}

    static void addTo(Functions table) {
        add(table, "max_over_time", new Extreme(true, false), false, MixedOverTime::ignoring);
        add(table, "min_over_time", new Extreme(false, false), false, MixedOverTime::ignoring);
        add(table, "ts_of_max_over_time", new Extreme(true, true), true, MixedOverTime::ignoring);
        add(table, "ts_of_min_over_time", new Extreme(false, true), true, MixedOverTime::ignoring);
        add(table, "ts_of_first_over_time", (w, p, out, s) -> edge(w, out, false), true, MixedOverTime::firstTime);
        add(table, "ts_of_last_over_time", (w, p, out, s) -> edge(w, out, true), true, MixedOverTime::lastTime);
    }

    private static void add(
            Functions table, String name, RangeFunction function, boolean experimental, MixedFunction histograms) {
        Signature signature = Signature.of(name, ValueType.VECTOR, ValueType.MATRIX);
        table.add(
                experimental ? signature.asExperimental() : signature,
                new Kernel.OverRange(function, false, histograms));
    }

    private static void edge(Windows windows, double[] out, boolean last) {
        for (int step = 0; step < out.length; step++) {
            int from = windows.from(step);
            int to = windows.to(step);
            out[step] = from == to ? Absent.VALUE : windows.timestampsMs()[last ? to - 1 : from] / 1000.0;
        }
    }

    /**
     * Keeps the samples that can still become the extreme of a later window, best first: each sample is put in and taken out once, however
     * long windows are. NaN counts only where there is nothing else. Of equal samples the latest is the extreme.
     */
    private static final class Extreme implements RangeFunction {
        private final boolean max;
        private final boolean wantsTime;

        Extreme(boolean max, boolean wantsTime) {
            this.max = max;
            this.wantsTime = wantsTime;
        }

        @Override
        public void apply(Windows windows, double[][] parameters, double[] out, Scratch scratch) {
            long[] times = windows.timestampsMs();
            double[] values = windows.values();
            int[] candidates = scratch.indices(windows.size());
            int head = 0;
            int tail = 0;
            int next = 0;
            for (int step = 0; step < out.length; step++) {
                int from = windows.from(step);
                int to = windows.to(step);
                for (; next < to; next++) {
                    double value = values[next];
                    if (Double.isNaN(value)) {
                        continue;
                    }
                    while (tail > head && yields(values[candidates[tail - 1]], value)) {
                        tail--;
                    }
                    candidates[tail++] = next;
                }
                while (head < tail && candidates[head] < from) {
                    head++;
                }
                if (from == to) {
                    out[step] = Absent.VALUE;
                } else {
                    int extreme = head < tail ? candidates[head] : wantsTime ? to - 1 : from;
                    out[step] = wantsTime ? times[extreme] / 1000.0 : values[extreme];
                }
            }
        }

        private boolean yields(double earlier, double later) {
            return max ? earlier <= later : earlier >= later;
        }
    }
}
