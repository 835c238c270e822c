/**
 * What goes wrong: places where tests make the storage fail, and what it tells of failures. Private.
 */
package org.narthex.tsdb.fault;
