package org.narthex.promql.function;

import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.promql.eval.Interpolation;
import org.narthex.promql.eval.MixedFunction;
import org.narthex.promql.eval.MixedWindows;
import org.narthex.promql.eval.Windows;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Expr;

/** How much a series of histograms changed. Histograms and floats in one window make no change. */
final class HistogramRates {
    private HistogramRates() {}

    private static boolean isReset(MixedWindows windows, int i) {
        Windows samples = windows.histograms();
        return windows.histogram(i).isResetAfter(windows.histogram(i - 1))
                || (samples.hasStartTimestamps() && StartTimes.isReset(samples, i));
    }

    private static FloatHistogram plus(MixedWindows windows, FloatHistogram a, FloatHistogram b) {
        if (a.needsReconciling(b)) {
            windows.notes().boundsReconciled("addition", windows.span());
        }
        return a.plus(b);
    }

    private static FloatHistogram minus(MixedWindows windows, FloatHistogram a, FloatHistogram b) {
        if (a.needsReconciling(b)) {
            windows.notes().boundsReconciled("subtraction", windows.span());
        }
        return a.minus(b);
    }

    /** Rate, increase and delta. */
    record Change(boolean counter, boolean perSecond) implements MixedFunction {
        @Override
        public void apply(MixedWindows windows, int step) {
            if (windows.hasFloats(step)) {
                windows.setAbsent(step);
                windows.notes().mixedRange(windows.metric(), windows.span());
            } else if (windows.edges() == Expr.Edges.PLAIN) {
                extrapolated(windows, step);
            } else {
                extended(windows, step);
            }
        }

        private void extrapolated(MixedWindows windows, int step) {
            Windows samples = windows.histograms();
            int first = samples.from(step);
            int last = samples.to(step) - 1;
            long zero = counter && samples.hasStartTimestamps() ? StartTimes.zeroMs(samples, step) : 0;
            if (first == last && zero == 0) {
                windows.setAbsent(step);
                return;
            }
            // What came before a reset right after the first sample does not matter, whatever its buckets are.
            boolean dropsFirst = counter && first < last && isReset(windows, first + 1);
            if (!isUniform(windows, dropsFirst ? first + 1 : first, last)) {
                windows.notes().mixedSchemas(windows.metric(), windows.span());
                windows.setAbsent(step);
                return;
            }
            noteKind(windows, first, last);
            FloatHistogram change = windows.histogram(last);
            if (!dropsFirst && zero == 0) {
                change = minus(windows, change, windows.histogram(first));
            }
            if (dropsFirst && zero != 0 && change.isCompatible(windows.histogram(first))) {
                change = plus(windows, change, windows.histogram(first));
            }
            for (int i = first + (dropsFirst ? 2 : 1); counter && i <= last; i++) {
                if (isReset(windows, i)) {
                    change = plus(windows, change, windows.histogram(i - 1));
                }
            }
            double factor = factor(windows, step, zero, change.count());
            FloatHistogram result = change.withHint(ResetHint.GAUGE).compact();
            windows.set(step, result.times(perSecond ? factor / (samples.rangeMs() / 1000.0) : factor));
        }

        private double factor(MixedWindows windows, int step, long zero, double change) {
            Windows samples = windows.histograms();
            long[] times = samples.timestampsMs();
            int first = samples.from(step);
            int last = samples.to(step) - 1;
            double sampled = (times[last] - times[first]) / 1000.0;
            double toEnd = (samples.endMs(step) - times[last]) / 1000.0;
            if (zero != 0) {
                return Extrapolation.factorFromZero((times[last] - zero) / 1000.0, sampled, last - first, toEnd);
            }
            double toStart = (times[first] - samples.startMs(step)) / 1000.0;
            double count = windows.histogram(first).count();
            boolean bounded = counter && change > 0 && count >= 0;
            double toZero = bounded ? sampled * (count / change) : Double.POSITIVE_INFINITY;
            return Extrapolation.factor(sampled, last - first, toStart, toEnd, toZero);
        }

        /** Whether all that are looked at have exponential buckets, or all custom ones. */
        private boolean isUniform(MixedWindows windows, int first, int last) {
            FloatHistogram reference = windows.histogram(last);
            for (int i = first; i < last; i += 1) {
                boolean looked = counter || i == first || windows.edges() != Expr.Edges.PLAIN;
                if (looked && !windows.histogram(i).isCompatible(reference)) {
                    return false;
                }
            }
            return true;
        }

        private void noteKind(MixedWindows windows, int first, int last) {
            if (!counter) {
                if (!windows.histogram(first).isGauge()
                        || !windows.histogram(last).isGauge()) {
                    windows.notes().notGauge(windows.metric(), windows.span());
                }
                return;
            }
            for (int i = first; i <= last; i++) {
                if (windows.histogram(i).isGauge()) {
                    windows.notes().notCounter(windows.metric(), windows.span());
                    return;
                }
            }
        }

        /** Anchored and smoothed ranges: nothing is extrapolated, edges are the samples next to them or interpolated. */
        private void extended(MixedWindows windows, int step) {
            Windows samples = windows.histograms();
            boolean smoothed = windows.edges() == Expr.Edges.SMOOTHED;
            int first = ExtendedRanges.first(samples, step);
            int last = smoothed ? ExtendedRanges.last(samples, step) : samples.to(step) - 1;
            if (ExtendedRanges.isOutside(samples, step, first, last)) {
                windows.setAbsent(step);
                return;
            }
            if (!isUniform(windows, first, last)) {
                windows.notes().mixedSchemas(windows.metric(), windows.span());
                windows.setAbsent(step);
                return;
            }
            noteKind(windows, first, last);
            long[] times = samples.timestampsMs();
            boolean leftBetween = smoothed && times[first] < samples.startMs(step) && first < last;
            boolean rightBetween = smoothed && times[last] > samples.endMs(step) && last > samples.from(step);
            FloatHistogram left = leftBetween
                    ? Interpolation.between(windows, first, samples.startMs(step), counter)
                    : windows.histogram(first);
            FloatHistogram right = rightBetween
                    ? Interpolation.between(windows, last - 1, samples.endMs(step), counter)
                    : windows.histogram(last);
            FloatHistogram change = minus(windows, right, left);
            // An interpolated left edge has taken the reset before the next sample into account.
            for (int i = first + (leftBetween ? 2 : 1); counter && i <= last; i++) {
                if (isReset(windows, i)) {
                    change = plus(windows, change, windows.histogram(i - 1));
                }
            }
            change = change.withHint(ResetHint.GAUGE).compact();
            windows.set(step, perSecond ? change.dividedBy(samples.rangeMs() / 1000.0) : change);
        }
    }

    /** Irate and idelta: from the last two samples. */
    record Instant(boolean rate) implements MixedFunction {
        @Override
        public void apply(MixedWindows windows, int step) {
            Windows floats = windows.floats();
            Windows samples = windows.histograms();
            int last = samples.to(step) - 1;
            int count = last + 1 - samples.from(step);
            int lastFloat = floats.to(step) - 1;
            boolean histogramIsLast =
                    !windows.hasFloats(step) || samples.timestampsMs()[last] > floats.timestampsMs()[lastFloat];
            if (!histogramIsLast) {
                boolean floatBefore = lastFloat > floats.from(step)
                        && floats.timestampsMs()[lastFloat - 1] > samples.timestampsMs()[last];
                if (!floatBefore) {
                    mixed(windows, step);
                }
                return;
            }
            boolean histogramBefore = count > 1
                    && (!windows.hasFloats(step)
                            || samples.timestampsMs()[last - 1] > floats.timestampsMs()[lastFloat]);
            if (histogramBefore) {
                histograms(windows, step, last);
            } else if (windows.hasFloats(step)) {
                mixed(windows, step);
            } else {
                windows.setAbsent(step);
            }
        }

        private static void mixed(MixedWindows windows, int step) {
            windows.setAbsent(step);
            windows.notes().mixedRange(windows.metric(), windows.span());
        }

        private void histograms(MixedWindows windows, int step, int last) {
            FloatHistogram before = windows.histogram(last - 1);
            FloatHistogram now = windows.histogram(last);
            if (rate && (before.isGauge() || now.isGauge())) {
                windows.notes().notCounter(windows.metric(), windows.span());
            }
            if (!rate && !(before.isGauge() && now.isGauge())) {
                windows.notes().notGauge(windows.metric(), windows.span());
            }
            FloatHistogram change = now;
            if (!rate || !isReset(windows, last)) {
                if (!now.isCompatible(before)) {
                    windows.notes().mixedSchemas(windows.metric(), windows.span());
                    windows.setAbsent(step);
                    return;
                }
                change = minus(windows, now, before);
            }
            change = change.withHint(ResetHint.GAUGE).compact();
            long[] times = windows.histograms().timestampsMs();
            double seconds = (times[last] - times[last - 1]) / 1000.0;
            windows.set(step, rate ? change.dividedBy(seconds) : change);
        }
    }

    /** Changes and resets; a change between float and histogram counts as one of either. */
    record Counting(boolean onlyResets) implements MixedFunction {
        @Override
        public void apply(MixedWindows windows, int step) {
            Windows floats = windows.floats();
            Windows histograms = windows.histograms();
            boolean anchored = windows.edges() == Expr.Edges.ANCHORED;
            int f = floats.from(step);
            int h = histograms.from(step);
            // -1: nothing yet, 0: a float, 1: a histogram was the sample before.
            int before = -1;
            int count = 0;
            boolean any = false;
            while (f < floats.to(step) || h < histograms.to(step)) {
                boolean isFloat = h == histograms.to(step)
                        || (f < floats.to(step)
                                && floats.timestampsMs()[f] < histograms.timestampsMs()[h]);
                long time = isFloat ? floats.timestampsMs()[f] : histograms.timestampsMs()[h];
                boolean inRange = !anchored || time > floats.startMs(step);
                if (inRange && before >= 0) {
                    boolean sameKind = before == (isFloat ? 0 : 1);
                    boolean counted = !sameKind || (isFloat ? differs(floats, f) : differs(windows, h));
                    count += counted ? 1 : 0;
                }
                any |= inRange;
                before = isFloat ? 0 : 1;
                f += isFloat ? 1 : 0;
                h += isFloat ? 0 : 1;
            }
            if (any) {
                windows.set(step, count);
            } else {
                windows.setAbsent(step);
            }
        }

        private boolean differs(Windows floats, int i) {
            double before = floats.values()[i - 1];
            double now = floats.values()[i];
            if (onlyResets) {
                return now < before || (floats.hasStartTimestamps() && StartTimes.isReset(floats, i));
            }
            return now != before && !(Double.isNaN(now) && Double.isNaN(before));
        }

        private boolean differs(MixedWindows windows, int i) {
            return onlyResets ? isReset(windows, i) : !windows.histogram(i).isSame(windows.histogram(i - 1));
        }
    }
}
