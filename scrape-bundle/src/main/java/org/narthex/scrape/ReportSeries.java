package org.narthex.scrape;

import java.util.Arrays;

import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;

/** The series Narthex itself writes about each scrape of a target, {@code up} and those beside it. Used by one scrape at a time. */
final class ReportSeries {
    private static final String[] NAMES = {
        "up",
        "scrape_duration_seconds",
        "scrape_samples_scraped",
        "scrape_samples_post_metric_relabeling",
        "scrape_series_added",
        "scrape_timeout_seconds",
        "scrape_sample_limit",
        "scrape_body_size_bytes"
    };
    private static final int PLAIN = 5;

    private final Labels[] labels;
    private final long[] refs;
    private Storage refsOf;
    private int batchStart;

    /** @param extra with the three series of {@code extra_scrape_metrics} */
    ReportSeries(Labels target, boolean extra) {
        labels = new Labels[extra ? NAMES.length : PLAIN];
        refs = new long[labels.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = target.toBuilder().set(Labels.METRIC_NAME, NAMES[i]).build();
        }
    }

    int size() {
        return labels.length;
    }

    /** What is known about one scrape, in the order of the series. */
    void add(SampleBatch batch, Storage storage, long timeMs, double... values) {
        if (storage != refsOf) {
            Arrays.fill(refs, SampleBatch.NO_REF);
            refsOf = storage;
        }
        batchStart = batch.size();
        for (int i = 0; i < labels.length; i++) {
            batch.add(labels[i], refs[i], timeMs, values[i]);
        }
    }

    void addStale(SampleBatch batch, Storage storage, long timeMs) {
        double[] stale = new double[labels.length];
        Arrays.fill(stale, StaleNaN.VALUE);
        add(batch, storage, timeMs, stale);
    }

    /** Keeps the references the storage gave. */
    void appended(SampleBatch batch, Storage storage) {
        refsOf = storage;
        for (int i = 0; i < refs.length; i++) {
            refs[i] = batch.ref(batchStart + i);
        }
    }
}
