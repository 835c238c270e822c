package org.narthex.scrape.text;

/** Guesses the next series of a page. */
@FunctionalInterface
public interface Prediction {
    /** The end (exclusive) of the predicted series' bytes if they stand at {@code from}, else -1. */
    int end(byte[] page, int from, int limit);
}
