package org.narthex.scrape;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.narthex.api.model.MetricType;
import org.narthex.scrape.text.PageParser;
import org.narthex.scrape.text.SeriesText;

/** Tells series that count from those that measure. */
final class Cumulative {
    private static final List<String> OF_COUNTERS = List.of("", "_total");
    private static final List<String> OF_HISTOGRAMS = List.of("", "_bucket", "_count", "_sum");
    /** Without a suffix it is a quantile. */
    private static final List<String> OF_SUMMARIES = List.of("_count", "_sum");

    private Cumulative() {}

    /**
     * @param type of the family declared last
     * @param familyHash of its name, as {@link PageParser#familyHash} has it
     */
    static boolean is(String name, MetricType type, int familyHash) {
        List<String> suffixes =
                switch (type) {
                    case COUNTER -> OF_COUNTERS;
                    case HISTOGRAM -> OF_HISTOGRAMS;
                    case SUMMARY -> OF_SUMMARIES;
                    default -> List.of();
                };
        for (String suffix : suffixes) {
            if (name.endsWith(suffix) && hash(name.substring(0, name.length() - suffix.length())) == familyHash) {
                return true;
            }
        }
        return false;
    }

    private static int hash(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return SeriesText.familyHash(bytes, 0, bytes.length);
    }
}
