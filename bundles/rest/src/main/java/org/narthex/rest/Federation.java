package org.narthex.rest;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.HistogramBucket;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.SampleValue;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.scrape.TextExposition;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.Storage;

/**
 * The newest sample of each series that is no older than the lookback, with the external labels that it has not itself. Native histograms with custom
 * buckets become classic ones; those with exponential buckets have no place in text and are left out.
 */
final class Federation {
    private final long nowMs;
    private final long lookbackMs;
    private final Labels external;
    private final NameEscaping escaping;
    private final TextExposition out = new TextExposition();
    private final Set<Labels> written = new HashSet<>();

    Federation(long nowMs, long lookbackMs, Labels external, NameEscaping escaping) {
        this.nowMs = nowMs;
        this.lookbackMs = lookbackMs;
        this.external = external;
        this.escaping = escaping;
    }

    TextExposition of(Storage storage, List<List<Matcher>> selectors) throws IOException {
        SampleBuffer samples = new SampleBuffer();
        try (Querier querier = storage.querier(nowMs - lookbackMs + 1, nowMs)) {
            for (List<Matcher> matchers : selectors) {
                SeriesSet series = querier.select(matchers);
                for (int i = 0; i < series.size(); i++) {
                    if (written.add(series.labels(i))) {
                        series.read(i, nowMs - lookbackMs + 1, nowMs, samples);
                        add(series.labels(i), samples);
                    }
                }
            }
        }
        return out;
    }

    private void add(Labels series, SampleBuffer samples) {
        int newest = samples.size() - 1;
        String name = escaping.escape(series.metricName());
        if (newest < 0 || name.isEmpty() || StaleNaN.is(samples.values()[newest])) {
            return;
        }
        Labels labels = escaped(withExternal(series.without(Labels.METRIC_NAME)));
        long time = samples.timestampsMs()[newest];
        Histogram histogram = samples.histogram(newest);
        if (histogram == null) {
            out.family(name, MetricType.UNKNOWN, "");
            out.sample(name, labels, samples.values()[newest], time);
        } else if (histogram.hasCustomBuckets()) {
            classic(name, labels, histogram, time);
        }
    }

    /** The labels to be shown; a series without instance gets an empty one, so that the scraping server does not put in this server's. */
    private Labels withExternal(Labels labels) {
        Labels.Builder builder = labels.toBuilder();
        for (int i = 0; i < external.size(); i++) {
            if (!labels.has(external.name(i))) {
                builder.set(external.name(i), external.value(i));
            }
        }
        return builder.build();
    }

    private Labels escaped(Labels labels) {
        if (escaping == NameEscaping.ALLOW_UTF_8) {
            return labels;
        }
        Labels.Builder builder = Labels.EMPTY.toBuilder();
        for (int i = 0; i < labels.size(); i++) {
            builder.set(escaping.escape(labels.name(i)), labels.value(i));
        }
        return builder.build();
    }

    private void classic(String name, Labels labels, Histogram histogram, long time) {
        out.family(name, MetricType.HISTOGRAM, "");
        double[] bounds = histogram.customBounds();
        List<HistogramBucket> buckets = HistogramBucket.of(histogram);
        double below = 0;
        int next = 0;
        for (double bound : bounds) {
            while (next < buckets.size() && buckets.get(next).upper() <= bound) {
                below += buckets.get(next++).count();
            }
            out.sample(
                    name + "_bucket",
                    labels.toBuilder().set("le", SampleValue.format(bound)).build(),
                    below,
                    time);
        }
        out.sample(name + "_bucket", labels.toBuilder().set("le", "+Inf").build(), histogram.count(), time);
        out.sample(name + "_sum", labels, histogram.sum(), time);
        out.sample(name + "_count", labels, histogram.count(), time);
    }
}
