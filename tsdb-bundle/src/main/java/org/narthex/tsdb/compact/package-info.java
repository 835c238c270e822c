/**
 * Making blocks of blocks: which ones, how their series and chunks become one, and what retention policies leave of them. Private.
 */
package org.narthex.tsdb.compact;
