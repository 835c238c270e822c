package org.narthex.promql.parser;

import java.util.Locale;
import java.util.function.IntToDoubleFunction;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.SampleValue;

/** Writes a histogram as the script language does, zero values left out and gaps between spans filled with zeros. */
final class SeriesHistogramText {
    private final StringBuilder out = new StringBuilder();

    private SeriesHistogramText() {}

    static String of(Histogram histogram) {
        SeriesHistogramText text = new SeriesHistogramText();
        text.number("schema", histogram.schema());
        text.number("count", histogram.count());
        text.number("sum", histogram.sum());
        text.number("z_bucket", histogram.zeroCount());
        text.number("z_bucket_w", histogram.zeroThreshold());
        double[] bounds = histogram.customBounds();
        text.list("custom_values", bounds.length, i -> bounds[i]);
        if (histogram.resetHint() != Histogram.ResetHint.UNKNOWN) {
            text.item("counter_reset_hint", histogram.resetHint().name().toLowerCase(Locale.ROOT));
        }
        text.buckets("", histogram.positiveSpans(), histogram::positive);
        text.buckets("n_", histogram.negativeSpans(), histogram::negative);
        return "{{" + text.out + "}}";
    }

    private void item(String key, String value) {
        out.append(out.length() == 0 ? "" : " ").append(key).append(':').append(value);
    }

    private void number(String key, double value) {
        if (value != 0) {
            item(key, SampleValue.formatGeneral(value));
        }
    }

    private void list(String key, int size, IntToDoubleFunction value) {
        if (size > 0) {
            StringBuilder list = new StringBuilder("[");
            for (int i = 0; i < size; i++) {
                list.append(i == 0 ? "" : " ").append(SampleValue.formatGeneral(value.applyAsDouble(i)));
            }
            item(key, list.append(']').toString());
        }
    }

    private void buckets(String prefix, int[] spans, IntToDoubleFunction bucket) {
        if (spans.length == 0) {
            return;
        }
        number(prefix + "offset", spans[0]);
        int size = spans[1];
        for (int i = 2; i < spans.length; i += 2) {
            size += spans[i] + spans[i + 1];
        }
        double[] filled = new double[size];
        int at = 0;
        int from = 0;
        for (int i = 0; i < spans.length; i += 2) {
            at += i == 0 ? 0 : spans[i];
            for (int j = 0; j < spans[i + 1]; j++) {
                filled[at++] = bucket.applyAsDouble(from++);
            }
        }
        list(prefix + "buckets", size, i -> filled[i]);
    }
}
