/**
 * Blocks: immutable folders of chunks with an index, each for a stretch of time. Private.
 */
package org.narthex.tsdb.block;
