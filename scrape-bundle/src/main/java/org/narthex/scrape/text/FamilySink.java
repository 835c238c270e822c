package org.narthex.scrape.text;

import org.narthex.api.model.MetricType;

/** Takes what a page says about metric families, as ranges of its bytes, which are valid during the call alone. */
public interface FamilySink {
    /** How a text is written. */
    enum Escaping {
        NONE,
        /** {@code \\} and {@code \n}, as in the HELP lines of the text format. */
        HELP,
        /** These and {@code \"}, as everywhere in OpenMetrics. */
        QUOTED
    }

    void type(byte[] page, int nameFrom, int nameTo, MetricType type);

    void help(byte[] page, int nameFrom, int nameTo, int from, int to, Escaping escaping);

    void unit(byte[] page, int nameFrom, int nameTo, int from, int to);
}
