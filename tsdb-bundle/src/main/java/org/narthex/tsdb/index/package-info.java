/**
 * The index of a block: symbols, series and postings, read from a mapped file, and written. Private.
 */
package org.narthex.tsdb.index;
