/**
 * Reads the Prometheus text format 0.0.4 and 1.0.0 from bytes, without strings as long as the series are known.
 * Knows nothing of targets or storage.
 */
package org.narthex.scrape.text;
