/**
 * Chunk encodings: runs of samples of one series as bits, exactly as Prometheus writes them. Private.
 */
package org.narthex.tsdb.chunk;
