/**
 * From configured and discovered targets to samples in the storage: pools of scrape loops, each with a cache of its target's series.
 * {@link org.narthex.scrape.ScrapeService} is the component, {@link org.narthex.scrape.Scraper} what it drives.
 */
package org.narthex.scrape;
