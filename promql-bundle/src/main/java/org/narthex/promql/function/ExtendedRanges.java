package org.narthex.promql.function;

import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.RangeFunction;
import org.narthex.promql.eval.Scratch;
import org.narthex.promql.eval.Windows;

/**
 * Change over a range whose edges are filled: anchored takes the last sample at or before the left edge, smoothed interpolates at both edges.
 * Nothing is extrapolated, and the denominator is the whole range. The windows also hold the samples beyond the edges.
 */
final class ExtendedRanges {
    private ExtendedRanges() {}

    /** Index of the last sample at or before the left edge, else of the first one. */
    static int first(Windows windows, int step) {
        long[] times = windows.timestampsMs();
        int first = windows.from(step);
        while (first + 1 < windows.to(step) && times[first + 1] <= windows.startMs(step)) {
            first++;
        }
        return first;
    }

    /** Index of the first sample at or after the right edge, else of the last one. */
    static int last(Windows windows, int step) {
        long[] times = windows.timestampsMs();
        int last = windows.to(step) - 1;
        while (last > windows.from(step) && times[last - 1] >= windows.endMs(step)) {
            last--;
        }
        return last;
    }

    /** Whether no sample lies between the edges, nor on both sides of them. */
    static boolean isOutside(Windows windows, int step, int first, int last) {
        long[] times = windows.timestampsMs();
        return last < windows.from(step) || times[last] <= windows.startMs(step) || times[first] > windows.endMs(step);
    }

    /** The function that counts neighbours which differ, or only those that fall, from the anchor on. */
    static RangeFunction counting(boolean onlyFalls) {
        return (windows, parameters, out, scratch) -> {
            double[] values = windows.values();
            for (int step = 0; step < out.length; step++) {
                int first = windows.from(step) == windows.to(step) ? 0 : first(windows, step);
                int last = windows.to(step) - 1;
                if (isOutside(windows, step, first, last)) {
                    out[step] = Absent.VALUE;
                    continue;
                }
                scratch.worked(last - first);
                int count = 0;
                for (int i = first + 1; i <= last; i++) {
                    double before = values[i - 1];
                    double now = values[i];
                    boolean differs = now != before && !(Double.isNaN(now) && Double.isNaN(before));
                    count += (onlyFalls ? now < before : differs) ? 1 : 0;
                }
                out[step] = count;
            }
        };
    }

    /** Rate, increase and delta. */
    record Change(boolean smoothed, boolean counter, boolean perSecond) implements RangeFunction {
        @Override
        public void apply(Windows windows, double[][] parameters, double[] out, Scratch scratch) throws QueryException {
            double rangeSeconds = windows.rangeMs() / 1000.0;
            for (int step = 0; step < out.length; step++) {
                if (windows.from(step) == windows.to(step)) {
                    out[step] = Absent.VALUE;
                    continue;
                }
                int first = first(windows, step);
                int last = smoothed ? last(windows, step) : windows.to(step) - 1;
                if (isOutside(windows, step, first, last)) {
                    out[step] = Absent.VALUE;
                    continue;
                }
                scratch.worked(windows.count(step));
                double change = change(windows, step, first, last);
                out[step] = perSecond ? change / rangeSeconds : change;
            }
        }

        private double change(Windows windows, int step, int first, int last) {
            long[] times = windows.timestampsMs();
            double[] values = windows.values();
            long start = windows.startMs(step);
            long end = windows.endMs(step);
            double left =
                    smoothed && times[first] < start && first < last ? between(windows, first, start) : values[first];
            double right = smoothed && last > windows.from(step) && times[last] > end
                    ? between(windows, last - 1, end)
                    : values[last];
            double change = right - left;
            if (counter) {
                double before = left;
                for (int i = first + 1; i < last; i++) {
                    if (values[i] < before) {
                        change += before;
                    }
                    before = values[i];
                }
                if (right < before) {
                    change += before;
                }
            }
            return change;
        }

        /** Interpolates between a sample and the next; a counter that was reset between them started at zero. */
        private double between(Windows windows, int index, long timeMs) {
            long[] times = windows.timestampsMs();
            double from = windows.values()[index];
            double to = windows.values()[index + 1];
            double base = counter && to < from ? 0 : from;
            return base + (to - base) * (timeMs - times[index]) / (times[index + 1] - times[index]);
        }
    }
}
