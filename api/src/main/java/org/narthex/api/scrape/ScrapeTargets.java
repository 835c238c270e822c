package org.narthex.api.scrape;

import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.osgi.annotation.versioning.ProviderType;

/** The state of all targets, for those who show it. Thread-safe; each call returns a snapshot. */
@ProviderType
public interface ScrapeTargets {
    /** All targets that are scraped, by pool, then in a stable order. */
    List<Active> active();

    /** Targets that relabelling dropped, as far as they are kept. */
    List<Dropped> dropped();

    /**
     * What targets say about their metric families, by target in the order of {@link #active()}.
     *
     * @param metric the name of a family, or empty for all
     */
    default List<TargetMetadata> metadata(String metric) {
        return List.of();
    }

    /**
     * How many series targets have, and which labels make them many. Counting takes a moment.
     *
     * @param job the job to count, or empty for all
     * @param limit how many labels and metrics are named for each job
     */
    default SeriesReport series(String job, int limit) {
        return new SeriesReport(0, 0, List.of());
    }

    /**
     * What one target says about a metric family.
     *
     * @param target the labels of {@link Active#labels}
     */
    record TargetMetadata(Labels target, String metric, Metadata metadata) {}

    /** The health of a target after its last scrape. */
    enum Health {
        UNKNOWN,
        UP,
        DOWN
    }

    /**
     * A target that is scraped.
     *
     * @param discoveredLabels as discovery gave them, before relabelling
     * @param labels those that go onto each sample
     * @param scrapePool the job
     * @param scrapeUrl what is fetched
     * @param globalUrl the same as seen from other hosts
     * @param lastError empty when the last scrape was good
     * @param lastScrapeMs when the last scrape began, in milliseconds since the epoch; 0 if never
     * @param lastDurationSeconds how long it took
     */
    record Active(
            Labels discoveredLabels,
            Labels labels,
            String scrapePool,
            String scrapeUrl,
            String globalUrl,
            String lastError,
            long lastScrapeMs,
            double lastDurationSeconds,
            Health health,
            long intervalMs,
            long timeoutMs) {}

    /** A target that relabelling dropped. */
    record Dropped(Labels discoveredLabels, String scrapePool) {}
}
