package org.narthex.tsdb.head;

/**
 * Figures of the head; counters count since the start.
 *
 * @param minTimeMs {@link Long#MAX_VALUE} when empty
 * @param maxTimeMs {@link Long#MIN_VALUE} when empty
 * @param slabBytes memory held for chunks, used or not
 */
public record HeadStats(
        long series,
        long chunks,
        long labelPairs,
        long minTimeMs,
        long maxTimeMs,
        long appended,
        long outOfOrder,
        long outOfBounds,
        long duplicates,
        long seriesCreated,
        long seriesRemoved,
        long slabBytes,
        long openViews) {}
