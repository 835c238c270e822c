package org.narthex.scrape;

import org.narthex.api.config.ScrapeConfig;

/** Gets what a target has to say. */
interface Fetch {
    /** Starts to fetch, and tells the attempt; returns soon. An attempt not answered within the timeout must be failed. */
    void start(Target target, ScrapeConfig config, Attempt attempt);

    /** Whether {@link #start} would not wait for anything, not even a file, so that no other thread is to be woken for it. */
    default boolean startsAtOnce(Target target, ScrapeConfig config) {
        return false;
    }
}
