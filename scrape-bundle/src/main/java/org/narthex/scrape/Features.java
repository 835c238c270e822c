package org.narthex.scrape;

import java.util.List;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;

/**
 * What {@code --enable-feature} turns on of scraping.
 *
 * @param zeroIngestion a sample of 0 is written at the time since when a series counts
 * @param startStorage start timestamps are handed to the storage with each sample
 * @param typeAndUnitLabels series get the labels {@code __type__} and {@code __unit__}
 * @param metadataRecords metadata is handed to the storage
 * @param extraScrapeMetrics every job has the series of {@code extra_scrape_metrics}
 * @param startSynthesis series whose targets do not say since when they count do so since their first sample
 */
record Features(
        boolean zeroIngestion,
        boolean startStorage,
        boolean typeAndUnitLabels,
        boolean metadataRecords,
        boolean extraScrapeMetrics,
        boolean startSynthesis) {
    static final Features NONE = new Features(false, false, false, false, false, false);

    static Features of(Flags flags) {
        List<String> named = flags.list(Flag.ENABLE_FEATURE);
        return new Features(
                named.contains("created-timestamp-zero-ingestion"),
                named.contains("st-storage"),
                named.contains("type-and-unit-labels"),
                named.contains("metadata-wal-records"),
                named.contains("extra-scrape-metrics"),
                named.contains("st-synthesis"));
    }

    /** Whether pages are asked since when their series count. */
    boolean startTimestamps() {
        return zeroIngestion || startStorage;
    }
}
