/**
 * The write-ahead log in Prometheus' format: segments of pages of record fragments, and the records in them. Private.
 */
package org.narthex.tsdb.wal;
