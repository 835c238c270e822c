package org.narthex.promql.function;

import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.RangeFunction;
import org.narthex.promql.eval.Scratch;
import org.narthex.promql.eval.Windows;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.ValueType;

/** How much a series changed: rate, increase, delta, irate, idelta, changes, resets. */
final class RateFunctions {
    private RateFunctions() {}

    static void addTo(Functions table) {
        change(table, "rate", true, true);
        change(table, "increase", true, false);
        change(table, "delta", false, false);
        RangeFunction irate = (windows, parameters, out, scratch) -> instant(windows, out, true);
        RangeFunction idelta = (windows, parameters, out, scratch) -> instant(windows, out, false);
        RangeFunction changes = (windows, parameters, out, scratch) -> count(windows, out, scratch, false);
        RangeFunction resets = (windows, parameters, out, scratch) -> count(windows, out, scratch, true);
        add(table, "irate", new Kernel.OverRange(irate, false, true, null, null, new HistogramRates.Instant(true)));
        add(table, "idelta", new Kernel.OverRange(idelta, false, new HistogramRates.Instant(false)));
        add(
                table,
                "changes",
                new Kernel.OverRange(
                        changes,
                        false,
                        false,
                        ExtendedRanges.counting(false),
                        null,
                        new HistogramRates.Counting(false)));
        add(
                table,
                "resets",
                new Kernel.OverRange(
                        resets, false, false, ExtendedRanges.counting(true), null, new HistogramRates.Counting(true)));
    }

    private static void change(Functions table, String name, boolean counter, boolean perSecond) {
        add(
                table,
                name,
                new Kernel.OverRange(
                        new Extrapolated(counter, perSecond),
                        false,
                        counter,
                        new ExtendedRanges.Change(false, counter, perSecond),
                        new ExtendedRanges.Change(true, counter, perSecond),
                        new HistogramRates.Change(counter, perSecond)));
    }

    private static void add(Functions table, String name, Kernel.OverRange kernel) {
        table.add(Signature.of(name, ValueType.VECTOR, ValueType.MATRIX), kernel);
    }

    /**
     * The change between the first and last sample, counter resets added, extended to the window's ends where samples come that close, and for
     * counters never below zero.
     */
    private static final class Extrapolated implements RangeFunction {
        private final boolean counter;
        private final boolean perSecond;
        private final Windows.Figures factors = this::factors;

        Extrapolated(boolean counter, boolean perSecond) {
            this.counter = counter;
            this.perSecond = perSecond;
        }

        @Override
        public void apply(Windows windows, double[][] parameters, double[] out, Scratch scratch) throws QueryException {
            if (counter && windows.hasStartTimestamps()) {
                withStartTimes(windows, out, scratch);
                return;
            }
            long[] times = windows.timestampsMs();
            double[] values = windows.values();
            int size = windows.size();
            // Resets are rare: find them once, then each window adds up only its own.
            int[] resets = scratch.indices(size);
            int resetCount = 0;
            if (counter) {
                for (int i = 1; i < size; i++) {
                    if (values[i] < values[i - 1]) {
                        resets[resetCount++] = i;
                    }
                }
            }
            int firstReset = 0;
            double rangeSeconds = windows.rangeMs() / 1000.0;
            double[] known = windows.figures(factors);
            for (int step = 0; step < out.length; step++) {
                int from = windows.from(step);
                int last = windows.to(step) - 1;
                if (last <= from) {
                    out[step] = Absent.VALUE;
                    continue;
                }
                double change = values[last] - values[from];
                while (firstReset < resetCount && resets[firstReset] <= from) {
                    firstReset++;
                }
                int r = firstReset;
                for (; r < resetCount && resets[r] <= last; r++) {
                    change += values[resets[r] - 1];
                }
                scratch.worked(r - firstReset);
                if (wasZeroLongAgo(values[from], change)) {
                    out[step] = change * known[step];
                } else {
                    double factor = factor(
                            (times[last] - times[from]) / 1000.0,
                            last - from,
                            (times[from] - windows.startMs(step)) / 1000.0,
                            (windows.endMs(step) - times[last]) / 1000.0,
                            values[from],
                            change);
                    out[step] = change * (perSecond ? factor / rangeSeconds : factor);
                }
            }
        }

        /** What changes are multiplied with where it does not matter when the counter was zero. */
        private void factors(Windows windows, double[] into) {
            long[] times = windows.timestampsMs();
            double rangeSeconds = windows.rangeMs() / 1000.0;
            // Dividing is what takes the time here, and series scraped regularly have the same distances at every step.
            long knownSampledMs = -1;
            long knownToStartMs = -1;
            long knownToEndMs = -1;
            int knownIntervals = -1;
            double known = 0;
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from(step);
                int intervals = windows.to(step) - 1 - from;
                if (intervals <= 0) {
                    continue;
                }
                long sampledMs = times[from + intervals] - times[from];
                long toStartMs = times[from] - windows.startMs(step);
                long toEndMs = windows.endMs(step) - times[from + intervals];
                if (sampledMs != knownSampledMs
                        || toStartMs != knownToStartMs
                        || toEndMs != knownToEndMs
                        || intervals != knownIntervals) {
                    knownSampledMs = sampledMs;
                    knownToStartMs = toStartMs;
                    knownToEndMs = toEndMs;
                    knownIntervals = intervals;
                    double factor = Extrapolation.factor(
                            sampledMs / 1000.0,
                            intervals,
                            toStartMs / 1000.0,
                            toEndMs / 1000.0,
                            Double.POSITIVE_INFINITY);
                    known = perSecond ? factor / rangeSeconds : factor;
                }
                into[step] = known;
            }
        }

        /**
         * Most counters were zero long before the range, which is extended by little more than the samples' span at most; and what is no
         * counter never was.
         */
        private boolean wasZeroLongAgo(double first, double change) {
            boolean bounded = counter && change > 0 && first >= 0;
            return !bounded || first > 2 * change;
        }

        private double factor(
                double sampled, int intervals, double toStart, double toEnd, double first, double change) {
            double toZero = wasZeroLongAgo(first, change) ? Double.POSITIVE_INFINITY : sampled * (first / change);
            return Extrapolation.factor(sampled, intervals, toStart, toEnd, toZero);
        }

        /** Where it is known since when a counter has been counting, that tells of resets which its values hide. */
        private void withStartTimes(Windows windows, double[] out, Scratch scratch) throws QueryException {
            long[] times = windows.timestampsMs();
            double[] values = windows.values();
            for (int step = 0; step < out.length; step++) {
                int from = windows.from(step);
                int last = windows.to(step) - 1;
                long zero = last < from ? 0 : StartTimes.zeroMs(windows, step);
                if (last < from || (last == from && zero == 0)) {
                    out[step] = Absent.VALUE;
                    continue;
                }
                scratch.worked(last - from);
                double change = values[last] - values[from];
                for (int i = from + 1; i <= last; i++) {
                    if (values[i] < values[i - 1] || StartTimes.isReset(windows, i)) {
                        change += values[i - 1];
                    }
                }
                double sampled = (times[last] - times[from]) / 1000.0;
                double toEnd = (windows.endMs(step) - times[last]) / 1000.0;
                double factor;
                if (zero != 0) {
                    change += values[from];
                    factor = Extrapolation.factorFromZero((times[last] - zero) / 1000.0, sampled, last - from, toEnd);
                } else {
                    double toStart = (times[from] - windows.startMs(step)) / 1000.0;
                    factor = factor(sampled, last - from, toStart, toEnd, values[from], change);
                }
                out[step] = change * (perSecond ? factor / (windows.rangeMs() / 1000.0) : factor);
            }
        }
    }

    /** From the last two samples of each window. */
    private static void instant(Windows windows, double[] out, boolean rate) {
        long[] times = windows.timestampsMs();
        double[] values = windows.values();
        for (int step = 0; step < out.length; step++) {
            int last = windows.to(step) - 1;
            if (last <= windows.from(step) || times[last] == times[last - 1]) {
                out[step] = Absent.VALUE;
                continue;
            }
            double now = values[last];
            double before = values[last - 1];
            if (rate) {
                boolean reset = now < before || (windows.hasStartTimestamps() && StartTimes.isReset(windows, last));
                double change = reset ? now : now - before;
                out[step] = change / ((times[last] - times[last - 1]) / 1000.0);
            } else {
                out[step] = now - before;
            }
        }
    }

    /** Counts neighbours that differ, or only those that fall. */
    private static void count(Windows windows, double[] out, Scratch scratch, boolean onlyFalls) {
        double[] values = windows.values();
        int size = windows.size();
        boolean starts = windows.hasStartTimestamps();
        // counts[i] tells how many of the pairs up to sample i count.
        int[] counts = scratch.indices(size);
        if (size > 0) {
            counts[0] = 0;
        }
        for (int i = 1; i < size; i++) {
            double before = values[i - 1];
            double now = values[i];
            boolean counted = onlyFalls
                    ? now < before || (starts && StartTimes.isReset(windows, i))
                    : now != before && !(Double.isNaN(now) && Double.isNaN(before));
            counts[i] = counts[i - 1] + (counted ? 1 : 0);
        }
        for (int step = 0; step < out.length; step++) {
            int from = windows.from(step);
            int last = windows.to(step) - 1;
            out[step] = last < from ? Absent.VALUE : counts[last] - counts[from];
        }
    }
}
