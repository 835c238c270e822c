package org.narthex.scrape;

import org.narthex.api.config.ScrapeConfig.Exposition;

/**
 * Which forms of histograms are taken from a target.
 *
 * @param nativeOnes native histograms; without, their classic form
 * @param alwaysClassic classic series beside the histogram that is native or made of them
 * @param convertClassic classic histograms become native ones with custom buckets
 */
record HistogramModes(boolean nativeOnes, boolean alwaysClassic, boolean convertClassic) {
    static final HistogramModes CLASSIC = new HistogramModes(false, false, false);

    static HistogramModes of(Exposition exposition) {
        return new HistogramModes(
                exposition.nativeHistograms(),
                exposition.alwaysClassicHistograms(),
                exposition.convertClassicHistograms());
    }
}
