package org.narthex.promql.eval;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.narthex.promql.parser.ParseException;
import org.narthex.promql.parser.Quoting;
import org.narthex.promql.parser.Span;

/** Warnings and infos of one query, each text once, with the position they are about. Thread-safe; its monitor guards both sets. */
public final class Notes {
    private final String expression;
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> infos = new LinkedHashSet<>();

    public Notes(String expression) {
        this.expression = expression;
    }

    public void warn(String text, Span span) {
        String full = "PromQL warning: " + text + " (" + ParseException.location(expression, span.start()) + ")";
        synchronized (this) {
            warnings.add(full);
        }
    }

    public void info(String text, Span span) {
        String full = "PromQL info: " + text + " (" + ParseException.location(expression, span.start()) + ")";
        synchronized (this) {
            infos.add(full);
        }
    }

    /** @param aggregation its name */
    public void histogramIgnored(String aggregation, Span span) {
        info("ignored histogram in " + aggregation + " aggregation", span);
    }

    public void histogramsIgnoredInRange(String metric, Span span) {
        info(
                "ignored histograms in a range containing both floats and histograms for metric name "
                        + Quoting.quote(metric),
                span);
    }

    public void mixedRange(String metric, Span span) {
        warn("encountered a mix of histograms and floats for metric name " + Quoting.quote(metric), span);
    }

    public void mixedSchemas(String metric, Span span) {
        warn(
                "vector contains a mix of histograms with exponential and custom buckets schemas for metric name "
                        + Quoting.quote(metric),
                span);
    }

    /** @param operation {@code addition}, {@code subtraction} or {@code aggregation} */
    public void boundsReconciled(String operation, Span span) {
        info("mismatched custom buckets were reconciled during " + operation, span);
    }

    /** @param operation {@code addition}, {@code subtraction} or {@code aggregation} */
    public void resetsCollide(String operation, Span span) {
        warn("conflicting counter resets during histogram " + operation, span);
    }

    public void notCounter(String metric, Span span) {
        warn("this native histogram metric is not a counter: " + Quoting.quote(metric), span);
    }

    public void notGauge(String metric, Span span) {
        warn("this native histogram metric is not a gauge: " + Quoting.quote(metric), span);
    }

    /** How many there are. */
    synchronized int size() {
        return warnings.size() + infos.size();
    }

    public synchronized List<String> warnings() {
        return new ArrayList<>(warnings);
    }

    public synchronized List<String> infos() {
        return new ArrayList<>(infos);
    }
}
