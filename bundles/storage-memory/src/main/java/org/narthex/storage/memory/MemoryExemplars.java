package org.narthex.storage.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.ExemplarSeries;

/** The exemplars that came last, of all series together. Guarded by the storage's lock. */
final class MemoryExemplars {
    /** By time, then by value, as a scrape sorts those it brings at once; the labels only make the order complete. */
    private static final Comparator<Exemplar> ORDER = Comparator.comparingLong(Exemplar::timestampMs)
            .thenComparingDouble(Exemplar::value)
            .thenComparing(Exemplar::labels);

    private final int capacity;
    /** The series of each exemplar, in the order they came; so the first one here is the first one of its series, too. */
    private final Queue<Labels> arrivals = new ArrayDeque<>();

    private final Map<Labels, ArrayDeque<Exemplar>> bySeries = new HashMap<>();

    /** @param capacity 0 to keep none */
    MemoryExemplars(int capacity) {
        this.capacity = capacity;
    }

    AppendResult add(Labels series, Exemplar exemplar) {
        if (exemplar.labelCharacters() > Exemplar.MAX_LABEL_CHARACTERS) {
            return AppendResult.INVALID_VALUE;
        }
        ArrayDeque<Exemplar> known = bySeries.get(series);
        if (known != null) {
            int order = ORDER.compare(exemplar, known.getLast());
            if (order <= 0) {
                return order == 0 ? AppendResult.OK : AppendResult.OUT_OF_ORDER;
            }
        }
        if (capacity > 0) {
            if (arrivals.size() == capacity) {
                dropOldest();
            }
            arrivals.add(series);
            bySeries.computeIfAbsent(series, one -> new ArrayDeque<>()).add(exemplar);
        }
        return AppendResult.OK;
    }

    private void dropOldest() {
        Labels series = arrivals.remove();
        ArrayDeque<Exemplar> exemplars = bySeries.get(series);
        exemplars.removeFirst();
        if (exemplars.isEmpty()) {
            bySeries.remove(series);
        }
    }

    List<ExemplarSeries> find(List<List<Matcher>> selectors, long minTimeMs, long maxTimeMs) {
        List<ExemplarSeries> found = new ArrayList<>();
        bySeries.forEach((series, exemplars) -> {
            if (selectors.stream().anyMatch(matchers -> MemoryQuerier.matches(series, matchers))) {
                List<Exemplar> within = exemplars.stream()
                        .filter(one -> one.timestampMs() >= minTimeMs && one.timestampMs() <= maxTimeMs)
                        .toList();
                if (!within.isEmpty()) {
                    found.add(new ExemplarSeries(series, within));
                }
            }
        });
        found.sort(Comparator.comparing(ExemplarSeries::series));
        return found;
    }
}
