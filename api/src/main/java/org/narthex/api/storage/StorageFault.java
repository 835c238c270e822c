package org.narthex.api.storage;

/**
 * Something wrong with a storage.
 *
 * @param part what it is about, mostly a file
 * @param reason what is wrong with it
 * @param sinceMs when it was met, in milliseconds since the epoch
 * @param isOver whether it no longer hinders anything, e.g. since the damaged part was moved to quarantine
 */
public record StorageFault(String part, String reason, long sinceMs, boolean isOver) {}
