package org.narthex.tsdb.head;

import java.util.Map;

import org.narthex.api.storage.AppendResult;

/**
 * Figures of the head; counters count since the start.
 *
 * @param minTimeMs {@link Long#MAX_VALUE} when empty
 * @param maxTimeMs {@link Long#MIN_VALUE} when empty
 * @param floats samples that are floats by what became of them; {@code histograms} likewise
 * @param late samples taken out of order
 * @param slabBytes memory held for chunks, used or not
 */
public record HeadStats(
        long series,
        long chunks,
        long labelPairs,
        long minTimeMs,
        long maxTimeMs,
        Map<AppendResult, Long> floats,
        Map<AppendResult, Long> histograms,
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
        return new HeadStats(
                series,
                chunks,
                labelPairs,
                minTimeMs,
                maxTimeMs,
                figures.floats(),
                figures.histograms(),
                figures.late(),
                figures.seriesCreated(),
                seriesRemoved,
                slabBytes,
                openViews,
                maxSeries);
    }

    public long floats(AppendResult result) {
        return floats.getOrDefault(result, 0L);
    }

    public long histograms(AppendResult result) {
        return histograms.getOrDefault(result, 0L);
    }
}
