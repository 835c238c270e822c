package org.narthex.promql.eval;

import org.narthex.api.model.Histogram;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Span;

/** The windows of one series that has histograms: its floats and its histograms apart, and the row that is being made of them. */
public final class MixedWindows {
    private final Windows floats = new Windows();
    private final Windows histograms = new Windows();
    private final SampleBuffer floatSamples = new SampleBuffer();
    private final SampleBuffer histogramSamples = new SampleBuffer();
    private final Converted converted;
    private final Expr.Edges edges;
    private final String metric;
    private final Notes notes;
    private final Span span;
    private final double[] values;
    private final FloatHistogram[] results;

    /** @param countsOnly whether the buckets of histograms do not matter */
    MixedWindows(
            SampleBuffer samples,
            RangeShape shape,
            Expr.Edges edges,
            String metric,
            Notes notes,
            Span span,
            boolean countsOnly,
            double[] values,
            Scratch scratch)
            throws QueryException {
        this.edges = edges;
        this.metric = metric;
        this.notes = notes;
        this.span = span;
        this.values = values;
        for (int i = 0; i < samples.size(); i++) {
            long time = samples.timestampsMs()[i];
            SampleBuffer into = samples.histogram(i) == null ? floatSamples : histogramSamples;
            if (into == floatSamples) {
                into.add(time, samples.values()[i]);
            } else {
                into.add(time, samples.histogram(i));
            }
            into.startTimestampMs(into.size() - 1, samples.startTimestampMs(i));
        }
        floats.slide(floatSamples, shape, scratch);
        histograms.slide(histogramSamples, shape, scratch);
        converted = new Converted(histogramSamples, countsOnly);
        results = new FloatHistogram[values.length];
    }

    /** How many samples of floats the buckets of all histograms take as much memory as. */
    long weight() {
        long weight = 0;
        for (int i = 0; i < histogramSamples.size(); i++) {
            Histogram histogram = histogramSamples.histogram(i);
            weight += 4 + histogram.positiveBuckets() + histogram.negativeBuckets();
        }
        return weight;
    }

    /** The floats alone. */
    public Windows floats() {
        return floats;
    }

    /** The histograms alone; the values are their sums. */
    public Windows histograms() {
        return histograms;
    }

    /** @param i as {@link #histograms} counts them */
    public FloatHistogram histogram(int i) {
        return converted.at(i);
    }

    public boolean hasFloats(int step) {
        return floats.to(step) > floats.from(step);
    }

    public boolean hasHistograms(int step) {
        return histograms.to(step) > histograms.from(step);
    }

    public Expr.Edges edges() {
        return edges;
    }

    public String metric() {
        return metric;
    }

    public Notes notes() {
        return notes;
    }

    /** What annotations are about. */
    public Span span() {
        return span;
    }

    /** What the function of floats made of the step's floats. */
    public double value(int step) {
        return values[step];
    }

    public void set(int step, double value) {
        values[step] = value;
        results[step] = null;
    }

    public void set(int step, FloatHistogram histogram) {
        values[step] = Absent.VALUE;
        results[step] = histogram;
    }

    public void setAbsent(int step) {
        values[step] = Absent.VALUE;
        results[step] = null;
    }

    Row row() {
        return Row.ofAny(values, results);
    }
}
