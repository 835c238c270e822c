package org.narthex.tsdb.head;

import java.util.EnumMap;
import java.util.Map;

import org.narthex.api.storage.AppendResult;

/** Counts what became of samples since the start. Guarded by the head's lock. */
final class AppendFigures {
    private final Map<AppendResult, Long> floats = new EnumMap<>(AppendResult.class);
    private final Map<AppendResult, Long> histograms = new EnumMap<>(AppendResult.class);
    private long late;
    private long created;

    void count(AppendResult result, boolean isHistogram, int samples) {
        if (samples > 0) {
            (isHistogram ? histograms : floats).merge(result, (long) samples, Long::sum);
        }
    }

    void countLate(int samples) {
        late += samples;
    }

    void created() {
        created++;
    }

    /** Samples that are floats, by what became of them. */
    Map<AppendResult, Long> floats() {
        return new EnumMap<>(floats);
    }

    Map<AppendResult, Long> histograms() {
        return new EnumMap<>(histograms);
    }

    /** Samples taken out of order. */
    long late() {
        return late;
    }

    /** Series made. */
    long seriesCreated() {
        return created;
    }
}
