package org.narthex.scrape;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.model.Labels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the samples of one target are treated, and what is remembered of them from scrape to scrape. Guarded by its loop's lock. */
final class TargetSeries {
    private static final Logger LOG = LoggerFactory.getLogger(TargetSeries.class);
    /** After so many without a refused sample one is news again. */
    private static final int QUIET_SCRAPES = 10;

    private ScrapeConfig config;
    private long timeoutMs;
    private SampleLabels labels;
    private SeriesCache cache = new SeriesCache();
    private ReportSeries report;
    private final FamilyCache families = new FamilyCache();
    private final HistogramModes histograms;
    private final boolean alwaysExtra;
    private List<Carried> carried = List.of();
    private final String url;
    private final StartSynthesis synthesis = new StartSynthesis();
    /** How many scrapes in a row had all their samples stored. */
    private int unrefused = QUIET_SCRAPES;

    /**
     * A series from before a change of settings.
     *
     * @param kind of its last sample, in the words of {@link SeriesNotes}
     */
    record Carried(Labels labels, byte kind) {}

    /** @param alwaysExtra whether the report has the series of {@code extra_scrape_metrics} whatever the configuration says */
    TargetSeries(Target target, ScrapeConfig config, boolean alwaysExtra) {
        this.alwaysExtra = alwaysExtra;
        url = target.url();
        histograms = target.histograms();
        this.config = config;
        this.timeoutMs = target.timeoutMs();
        labels = new SampleLabels(target.publicLabels(), config);
        report = new ReportSeries(target.publicLabels(), alwaysExtra || config.extraScrapeMetrics());
    }

    /** Works by these settings from now on, if they are others. Only if they change what series are called, the cache starts over. */
    void configure(Target target, ScrapeConfig changed) {
        timeoutMs = target.timeoutMs();
        if (config.equals(changed)) {
            return;
        }
        boolean sameSeries = config.honorLabels() == changed.honorLabels()
                && config.metricRelabelConfigs().equals(changed.metricRelabelConfigs())
                && config.exposition().legacyNames() == changed.exposition().legacyNames()
                && config.limits().equals(changed.limits());
        if (!sameSeries) {
            labels = new SampleLabels(target.publicLabels(), changed);
            // What is not there under its new name must still end.
            carried = new ArrayList<>(carried);
            carried.addAll(cache.trackedBefore());
            cache = new SeriesCache();
        }
        if (config.extraScrapeMetrics() != changed.extraScrapeMetrics() && !alwaysExtra) {
            report = new ReportSeries(target.publicLabels(), changed.extraScrapeMetrics());
        }
        config = changed;
    }

    ScrapeConfig config() {
        return config;
    }

    long timeoutMs() {
        return timeoutMs;
    }

    SampleLabels labels() {
        return labels;
    }

    SeriesCache cache() {
        return cache;
    }

    ReportSeries report() {
        return report;
    }

    FamilyCache families() {
        return families;
    }

    StartSynthesis synthesis() {
        return synthesis;
    }

    HistogramModes histograms() {
        return histograms;
    }

    /** Tells, the first time in a while, that samples were not stored. */
    void note(Refused refused) {
        if (refused.isNone()) {
            unrefused = Math.min(QUIET_SCRAPES, unrefused + 1);
            return;
        }
        if (unrefused >= QUIET_SCRAPES) {
            LOG.warn(
                    "job {}: target {} is scraped, but some of its samples are not stored: {}",
                    config.jobName(),
                    url,
                    refused.text());
        }
        unrefused = 0;
    }

    /** Series from before a change of settings that the next scrape must end unless it has them; given out once. */
    List<Carried> takeCarried() {
        List<Carried> taken = carried;
        carried = List.of();
        return taken;
    }
}
