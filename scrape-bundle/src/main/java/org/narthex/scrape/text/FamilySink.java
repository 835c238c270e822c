package org.narthex.scrape.text;

import java.nio.charset.StandardCharsets;

import org.narthex.api.model.MetricType;

/** Takes what a page says about metric families, as ranges of its bytes, which are valid during the call alone. */
public interface FamilySink {
    /** How a text is written. */
    enum Escaping {
        NONE,
        /** {@code \\} and {@code \n}, as in the HELP lines of the text format. */
        HELP,
        /** These and {@code \"}, as everywhere in OpenMetrics. */
        QUOTED;

        /** The text written in these bytes. */
        public String text(byte[] page, int from, int to) {
            return this == NONE
                    ? new String(page, from, to - from, StandardCharsets.UTF_8)
                    : SeriesText.unescaped(page, from, to, this == QUOTED);
        }
    }

    void type(byte[] page, int nameFrom, int nameTo, MetricType type);

    void help(byte[] page, int nameFrom, int nameTo, int from, int to, Escaping escaping);

    void unit(byte[] page, int nameFrom, int nameTo, int from, int to);
}
