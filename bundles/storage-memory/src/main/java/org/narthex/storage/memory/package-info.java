/**
 * A storage in memory: the second back-end, which proves that storages can be swapped, and the one tests use. Private.
 */
package org.narthex.storage.memory;
