package org.narthex.promql.function;

import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.promql.eval.MixedFunction;
import org.narthex.promql.eval.MixedWindows;
import org.narthex.promql.eval.Windows;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.histogram.HistogramSum;

/** What functions over time make of windows with histograms. */
final class MixedOverTime {
    private MixedOverTime() {}

    /** For functions of floats: histograms beside them are left out, and that is said. */
    static void ignoring(MixedWindows windows, int step) {
        if (windows.hasFloats(step)) {
            windows.notes().histogramsIgnoredInRange(windows.metric(), windows.span());
        }
    }

    static void count(MixedWindows windows, int step) {
        windows.set(step, size(windows.floats(), step) + size(windows.histograms(), step));
    }

    private static int size(Windows windows, int step) {
        return windows.to(step) - windows.from(step);
    }

    static void present(MixedWindows windows, int step) {
        windows.set(step, 1);
    }

    static void first(MixedWindows windows, int step) {
        int first = windows.histograms().from(step);
        boolean floatIsFirst =
                windows.hasFloats(step) && firstMs(windows.floats(), step) < firstMs(windows.histograms(), step);
        if (!floatIsFirst) {
            windows.set(step, windows.histogram(first));
        }
    }

    static void last(MixedWindows windows, int step) {
        int last = windows.histograms().to(step) - 1;
        boolean floatIsLast =
                windows.hasFloats(step) && lastMs(windows.floats(), step) > lastMs(windows.histograms(), step);
        if (!floatIsLast) {
            windows.set(step, windows.histogram(last));
        }
    }

    static void firstTime(MixedWindows windows, int step) {
        long time = firstMs(windows.histograms(), step);
        windows.set(step, (windows.hasFloats(step) ? Math.min(time, firstMs(windows.floats(), step)) : time) / 1000.0);
    }

    static void lastTime(MixedWindows windows, int step) {
        long time = lastMs(windows.histograms(), step);
        windows.set(step, (windows.hasFloats(step) ? Math.max(time, lastMs(windows.floats(), step)) : time) / 1000.0);
    }

    private static long firstMs(Windows windows, int step) {
        return windows.timestampsMs()[windows.from(step)];
    }

    private static long lastMs(Windows windows, int step) {
        return windows.timestampsMs()[windows.to(step) - 1];
    }

    /** Sum or mean; not of floats and histograms together. */
    record Sum(boolean mean) implements MixedFunction {
        @Override
        public void apply(MixedWindows windows, int step) {
            if (windows.hasFloats(step)) {
                windows.setAbsent(step);
                windows.notes().mixedRange(windows.metric(), windows.span());
                return;
            }
            int from = windows.histograms().from(step);
            FloatHistogram first = windows.histogram(from);
            HistogramSum sum = mean ? HistogramSum.mean(first) : HistogramSum.sum(first);
            boolean reset = first.hint() == ResetHint.RESET;
            boolean notReset = first.hint() == ResetHint.NOT_RESET;
            boolean reconciled = false;
            for (int i = from + 1; i < windows.histograms().to(step); i++) {
                FloatHistogram histogram = windows.histogram(i);
                reset |= histogram.hint() == ResetHint.RESET;
                notReset |= histogram.hint() == ResetHint.NOT_RESET;
                HistogramSum.Outcome outcome = sum.add(histogram);
                if (outcome == HistogramSum.Outcome.INCOMPATIBLE) {
                    windows.notes().mixedSchemas(windows.metric(), windows.span());
                    windows.setAbsent(step);
                    return;
                }
                reconciled |= outcome == HistogramSum.Outcome.RECONCILED;
            }
            if (reset && notReset) {
                windows.notes().resetsCollide("aggregation", windows.span());
            }
            if (reconciled) {
                windows.notes().boundsReconciled("aggregation", windows.span());
            }
            windows.set(step, sum.result());
        }
    }
}
