/**
 * The primitives all files share: fixed big-endian integers, variable-length integers, strings and checksums. Private.
 */
package org.narthex.tsdb.encoding;
