package org.narthex.scrape;

import org.narthex.api.config.ScrapeConfig;

/** Gets what a target has to say. */
interface Fetch {
    /** Starts to fetch, and tells the attempt; returns soon. An attempt not answered within the timeout must be failed. */
    void start(Target target, ScrapeConfig config, Attempt attempt);
}
