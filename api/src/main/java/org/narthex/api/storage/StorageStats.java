package org.narthex.api.storage;

/**
 * Figures about a storage.
 *
 * @param series series that can take samples without being created anew
 * @param chunks chunks held in memory
 * @param labelPairs distinct name and value pairs
 * @param minTimeMs the oldest sample, in milliseconds since the epoch; {@link Long#MAX_VALUE} when empty
 * @param maxTimeMs the newest sample; {@link Long#MIN_VALUE} when empty
 * @param corruptions damaged parts met since the start
 */
public record StorageStats(
        long series, long chunks, long labelPairs, long minTimeMs, long maxTimeMs, long corruptions) {}
