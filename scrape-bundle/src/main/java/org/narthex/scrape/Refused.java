package org.narthex.scrape;

import java.util.ArrayList;
import java.util.List;

/**
 * Samples of one scrape that were not stored although the scrape was good.
 *
 * @param twice with another value for a time there is one for
 * @param early older than what their series have
 * @param outside too old, or too far in the future
 */
record Refused(int twice, int early, int outside) {
    static final Refused NONE = new Refused(0, 0, 0);

    boolean isNone() {
        return twice + early + outside == 0;
    }

    /** @param more samples that their page had twice */
    Refused withTwice(int more) {
        return more == 0 ? this : new Refused(twice + more, early, outside);
    }

    /** Such as {@code 2 out of order, 1 too old or too far in the future}. */
    String text() {
        List<String> parts = new ArrayList<>();
        if (twice > 0) {
            parts.add(twice + " with another value for the same time");
        }
        if (early > 0) {
            parts.add(early + " out of order");
        }
        if (outside > 0) {
            parts.add(outside + " too old or too far in the future");
        }
        return String.join(", ", parts);
    }
}
