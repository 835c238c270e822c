/**
 * The head: the newest samples, in memory, as columns and bit-packed chunks in pooled slabs. Private.
 */
package org.narthex.tsdb.head;
