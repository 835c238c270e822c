package org.narthex.tsdb.head;

import org.narthex.api.storage.AppendResult;

/**
 * Figures of the head; counters count since the start.
 *
 * @param minTimeMs {@link Long#MAX_VALUE} when empty
 * @param maxTimeMs {@link Long#MIN_VALUE} when empty
 * @param floats samples by what became of them, in the order of {@link AppendResult}; {@code histograms} likewise
 * @param late samples taken out of order
 * @param slabBytes memory held for chunks, used or not
 */
@SuppressWarnings("ArrayRecordComponent") // columns, compared by nobody
public record HeadStats(
        long series,
        long chunks,
        long labelPairs,
        long minTimeMs,
        long maxTimeMs,
        long[] floats,
        long[] histograms,
        long late,
        long seriesCreated,
        long seriesRemoved,
        long slabBytes,
        long openViews,
        long maxSeries) {
    static HeadStats of(
            AppendFigures figures,
            long series,
            long chunks,
            long labelPairs,
            long minTimeMs,
            long maxTimeMs,
            long seriesRemoved,
            long slabBytes,
            long openViews,
            long maxSeries) {
        AppendResult[] results = AppendResult.values();
        long[] floats = new long[results.length];
        long[] histograms = new long[results.length];
        for (AppendResult result : results) {
            floats[result.ordinal()] = figures.floats(result);
            histograms[result.ordinal()] = figures.histograms(result);
        }
        return new HeadStats(
                series,
                chunks,
                labelPairs,
                minTimeMs,
                maxTimeMs,
                floats,
                histograms,
                figures.late(),
                figures.seriesCreated(),
                seriesRemoved,
                slabBytes,
                openViews,
                maxSeries);
    }

    public long floats(AppendResult result) {
        return floats[result.ordinal()];
    }

    public long histograms(AppendResult result) {
        return histograms[result.ordinal()];
    }
}
