package org.narthex.remote;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Counts what the receiver takes and refuses. Thread-safe. */
final class ReceiverMetrics {
    private final LongAdder samples = new LongAdder();
    private final LongAdder histograms = new LongAdder();
    private final LongAdder exemplars = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder invalidLabels = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final LongAdder unavailable = new LongAdder();
    private final Map<Rejection, LongAdder> rejected = new EnumMap<>(Rejection.class);

    ReceiverMetrics() {
        for (Rejection rejection : Rejection.values()) {
            rejected.put(rejection, new LongAdder());
        }
    }

    void add(Intake.Tally tally) {
        samples.add(tally.samples);
        histograms.add(tally.histograms);
        exemplars.add(tally.exemplars);
        misses.add(tally.misses);
        invalidLabels.add(tally.invalidLabelSamples);
        tally.rejected.forEach((rejection, count) -> rejected.get(rejection).add(count));
    }

    void received(int bodyBytes) {
        bytes.add(bodyBytes);
    }

    void unreadable() {
        unreadable.increment();
    }

    void unavailable() {
        unavailable.increment();
    }

    void collect(MetricSink sink, int knownSeries) {
        sink.counter(
                "prometheus_api_remote_write_invalid_labels_samples_total",
                "The total number of received remote write samples and histogram samples which were rejected due to invalid labels.",
                (double) invalidLabels.sum());
        String taken = "narthex_remote_write_received_total";
        sink.family(taken, MetricType.COUNTER, "What remote write brought and the storage kept.");
        sink.sample(taken, (double) samples.sum(), "kind", "sample");
        sink.sample(taken, (double) histograms.sum(), "kind", "histogram");
        sink.sample(taken, (double) exemplars.sum(), "kind", "exemplar");
        String refused = "narthex_remote_write_rejected_samples_total";
        sink.family(refused, MetricType.COUNTER, "Samples of remote write that were refused.");
        for (Rejection rejection : Rejection.values()) {
            sink.sample(
                    refused,
                    (double) rejected.get(rejection).sum(),
                    "reason",
                    rejection.name().toLowerCase(Locale.ROOT));
        }
        sink.counter(
                "narthex_remote_write_received_bytes_total", "Bytes of remote write requests, compressed.", (double)
                        bytes.sum());
        sink.counter(
                "narthex_remote_write_bad_requests_total", "Remote write requests that could not be read.", (double)
                        unreadable.sum());
        sink.counter(
                "narthex_remote_write_unavailable_total",
                "Remote write requests answered with 503, since there was no storage or it refused.",
                (double) unavailable.sum());
        sink.counter(
                "narthex_remote_write_label_lookups_total",
                "Series of remote write requests that were not known by reference.",
                (double) misses.sum());
        sink.gauge("narthex_remote_write_known_series", "Series known by reference, metadata included.", knownSeries);
    }
}
