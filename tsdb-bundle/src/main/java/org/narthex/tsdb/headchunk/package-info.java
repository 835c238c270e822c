/**
 * The files of {@code chunks_head/}: chunks of the head that are complete, kept on disk so that they take no memory and need no replay. Private.
 */
package org.narthex.tsdb.headchunk;
