package org.narthex.tsdb.head;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.ExemplarSeries;

/**
 * The newest exemplars of all series in one circular buffer, as Prometheus keeps them: when it is full the oldest goes, whatever series it belongs to.
 * They outlive their series in the head. Thread-safe.
 */
public final class Exemplars {
    private static final int NONE = -1;

    /** An entry of the buffer; those of one series are linked from the oldest to the newest. */
    private static final class Entry {
        private final Series series;
        private final Exemplar exemplar;
        private int next = NONE;

        Entry(Series series, Exemplar exemplar) {
            this.series = series;
            this.exemplar = exemplar;
        }
    }

    private static final class Series {
        private final Labels labels;
        private int oldest = NONE;
        private int newest = NONE;

        Series(Labels labels) {
            this.labels = labels;
        }
    }

    private final Map<Labels, Series> series = new HashMap<>();
    private Entry[] ring;
    private int next;
    private int size;
    private long appended;
    private long outOfOrder;

    /** @param capacity the most exemplars; 0 to keep none */
    public Exemplars(int capacity) {
        ring = new Entry[Math.max(0, capacity)];
    }

    /** Changes the capacity; the newest exemplars stay. */
    public synchronized void resize(int capacity) {
        if (capacity == ring.length) {
            return;
        }
        Entry[] old = ring;
        int from = next;
        ring = new Entry[Math.max(0, capacity)];
        next = 0;
        series.clear();
        int skip = Math.max(0, size - ring.length);
        size = 0;
        for (int i = 0; i < old.length; i++) {
            Entry entry = old[(from + i) % old.length];
            if (entry != null && skip-- <= 0) {
                put(entry.series.labels, entry.exemplar);
            }
        }
    }

    /**
     * Says what would become of an exemplar.
     *
     * @return {@link AppendResult#PENDING} if it is to be added, else the result
     */
    synchronized AppendResult judge(Labels labels, Exemplar exemplar, long outOfOrderWindowMs) {
        if (exemplar.labelCharacters() > Exemplar.MAX_LABEL_CHARACTERS) {
            return AppendResult.INVALID_VALUE;
        }
        Series own = series.get(labels);
        if (ring.length == 0) {
            return AppendResult.OK;
        }
        if (own == null) {
            return AppendResult.PENDING;
        }
        Exemplar newest = ring[own.newest].exemplar;
        if (newest.equals(exemplar)) {
            return AppendResult.OK;
        }
        boolean older = exemplar.timestampMs() + outOfOrderWindowMs < newest.timestampMs();
        // Of equal times those of greater value and labels come later: a scrape sorts them so, hence this is one met
        // before.
        boolean again = exemplar.timestampMs() == newest.timestampMs()
                && (exemplar.value() < newest.value()
                        || (exemplar.value() == newest.value()
                                && exemplar.labels().hashCode()
                                        < newest.labels().hashCode()));
        if (older || again) {
            outOfOrder++;
            return AppendResult.OUT_OF_ORDER;
        }
        return AppendResult.PENDING;
    }

    /** Adds an exemplar that {@link #judge} let pass. */
    synchronized void add(Labels labels, Exemplar exemplar) {
        if (ring.length > 0) {
            put(labels, exemplar);
            appended++;
        }
    }

    private void put(Labels labels, Exemplar exemplar) {
        Entry old = ring[next];
        if (old == null) {
            size++;
        } else {
            old.series.oldest = old.next;
            if (old.next == NONE) {
                series.remove(old.series.labels);
            }
        }
        Series own = series.computeIfAbsent(labels, Series::new);
        ring[next] = new Entry(own, exemplar);
        if (own.newest == NONE) {
            own.oldest = next;
        } else {
            ring[own.newest].next = next;
        }
        own.newest = next;
        next = (next + 1) % ring.length;
    }

    /** As {@link org.narthex.api.storage.Storage#exemplars} says. */
    public synchronized List<ExemplarSeries> select(List<List<Matcher>> selectors, long minTimeMs, long maxTimeMs) {
        List<ExemplarSeries> found = new ArrayList<>();
        for (Series own : series.values()) {
            if (!matchesAny(own.labels, selectors)) {
                continue;
            }
            List<Exemplar> within = new ArrayList<>();
            for (int i = own.oldest; i != NONE; i = ring[i].next) {
                long t = ring[i].exemplar.timestampMs();
                if (t >= minTimeMs && t <= maxTimeMs) {
                    within.add(ring[i].exemplar);
                }
            }
            if (!within.isEmpty()) {
                within.sort(Comparator.comparingLong(Exemplar::timestampMs));
                found.add(new ExemplarSeries(own.labels, within));
            }
        }
        found.sort(Comparator.comparing(ExemplarSeries::series));
        return Collections.unmodifiableList(found);
    }

    private static boolean matchesAny(Labels labels, List<List<Matcher>> selectors) {
        for (List<Matcher> selector : selectors) {
            if (selector.stream().allMatch(matcher -> matcher.matches(labels))) {
                return true;
            }
        }
        return false;
    }

    /** Figures for metrics. */
    public synchronized Figures figures() {
        long oldest = ring.length == 0 || size == 0 ? 0 : ring[size < ring.length ? 0 : next].exemplar.timestampMs();
        return new Figures(appended, outOfOrder, size, series.size(), ring.length, oldest);
    }

    /** @param oldestMs the time of the exemplar added first among those present; 0 if there is none */
    public record Figures(long appended, long outOfOrder, int size, int series, int capacity, long oldestMs) {}
}
