package org.narthex.api.scrape;

import java.io.IOException;
import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/** Reads the formats in which metrics are exposed, for all who get them otherwise than by scraping. Thread-safe. */
@ProviderType
public interface ExpositionReader {
    /**
     * Reads a page: OpenMetrics or length-delimited protobuf if the content type says so, else the text format. Native histograms are read in their
     * classic form; exemplars and start timestamps are passed over.
     *
     * @param contentType as HTTP has it; may be empty
     * @param page not packed
     * @return families that have samples, each name once, in the order of the page
     * @throws IOException the page is not in the format; the message names the place
     */
    List<MetricFamily> read(String contentType, byte[] page) throws IOException;
}
