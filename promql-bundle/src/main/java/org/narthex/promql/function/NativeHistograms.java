package org.narthex.promql.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Names;
import org.narthex.promql.eval.Notes;
import org.narthex.promql.eval.Rows;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Quoting;
import org.narthex.promql.parser.Span;

/** The native histograms of a vector, for functions that take classic ones as well. */
final class NativeHistograms {
    /** From one histogram a number. */
    interface Estimate {
        double of(FloatHistogram histogram, String metric, int step);
    }

    private final List<Labels> labels = new ArrayList<>();
    private final List<FloatHistogram[]> columns = new ArrayList<>();
    private final boolean delayed;

    private NativeHistograms(boolean delayed) {
        this.delayed = delayed;
    }

    /** Where a classic histogram has the same labels at the same time, neither counts. */
    static NativeHistograms of(Rows rows, List<ClassicHistograms.Histogram> classics, Evaluator evaluator, Span span) {
        NativeHistograms natives =
                new NativeHistograms(evaluator.query().settings().delayedNameRemoval());
        Map<Labels, ClassicHistograms.Histogram> byLabels = new HashMap<>();
        for (ClassicHistograms.Histogram classic : classics) {
            byLabels.put(classic.named(), classic);
        }
        for (int row = 0; row < rows.size(); row++) {
            if (rows.row(row).hasHistograms()) {
                FloatHistogram[] column = rows.row(row).histograms();
                ClassicHistograms.Histogram classic = byLabels.get(rows.labels(row));
                natives.labels.add(rows.labels(row));
                natives.columns.add(
                        classic == null
                                ? column
                                : withoutConflicts(
                                        column, classic, rows, evaluator.query().notes(), span));
            }
        }
        return natives;
    }

    private static FloatHistogram[] withoutConflicts(
            FloatHistogram[] column, ClassicHistograms.Histogram classic, Rows rows, Notes notes, Span span) {
        FloatHistogram[] kept = column.clone();
        for (int step = 0; step < kept.length; step++) {
            if (kept[step] != null && classic.isPresent(rows, step)) {
                kept[step] = null;
                classic.exclude(step);
                notes.warn(
                        "vector contains a mix of classic and native histograms" + ofMetric(classic.metricName()),
                        span);
            }
        }
        return kept;
    }

    /** What tells the metric in an annotation, if its name is known. */
    static String ofMetric(String name) {
        return name.isEmpty() ? "" : " for metric name " + Quoting.quote(name);
    }

    /** Adds a row for each series; {@code label} with the given value is set unless it is empty. */
    void addTo(Rows result, String label, String value, int steps, Estimate estimate) {
        for (int i = 0; i < labels.size(); i++) {
            double[] out = new double[steps];
            Arrays.fill(out, Absent.VALUE);
            String metric = labels.get(i).metricName();
            for (int step = 0; step < steps; step++) {
                if (columns.get(i)[step] != null) {
                    out[step] = estimate.of(columns.get(i)[step], metric, step);
                }
            }
            if (!Absent.isEverywhere(out)) {
                Labels kept = delayed ? labels.get(i) : Names.drop(labels.get(i));
                Labels full = label.isEmpty()
                        ? kept
                        : kept.toBuilder().set(label, value).build();
                result.add(full, delayed, out);
            }
        }
    }
}
