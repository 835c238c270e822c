package org.narthex.scrape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.scrape.text.Prediction;

/**
 * What is known about the series of one target: for each spelling a page uses, the labels after relabelling and the storage's reference. In the
 * steady state a series is found by comparing its bytes with those of the series that followed the same predecessor last time; if that fails, by
 * hash. Columns instead of objects keep it at a few dozen bytes and the text per series.
 *
 * <p>A scrape is a round: {@link #begin}, then lookups, then {@link #commit} or {@link #rollback}. Used by one scrape at a time.
 */
final class SeriesCache implements Prediction {
    /** Beyond twice what the last good scrape left and so many more, failing scrapes with changing labels would fill the memory. */
    private static final int FAILED_SLACK = 1000;

    private static final int NONE = -1;

    /** Open addressing by {@link #hashes}; holds index + 1, 0 is free. */
    private int[] table = new int[64];

    /** The same by the hash of the labels, of the first spelling with these labels. */
    private int[] labelTable = new int[64];

    private int[] hashes = new int[32];
    private int[] textStart = new int[33];
    private int[] successor = new int[32];
    private int[] seenIn = new int[32];
    /** The first spelling with the same labels; mostly the series itself. */
    private int[] same = new int[32];

    private long[] refs = new long[32];
    private Labels[] labels = new Labels[32];
    private byte[] text = new byte[1024];
    private int size;

    private final SeriesNotes notes = new SeriesNotes();

    private Storage refsOf;
    private int round;
    private int lastGoodRound;
    private int lastGoodSize;
    private int seen;
    private int previous = NONE;
    private int first = NONE;
    private BitSet tracked = new BitSet();
    private BitSet trackedBefore = new BitSet();

    /** Starts a scrape. References that another storage gave are forgotten. */
    void begin(Storage storage) {
        adopt(storage);
        round++;
        seen = 0;
        previous = NONE;
    }

    /** References are of this storage from now on; those of another are forgotten. */
    void adopt(Storage storage) {
        if (storage != refsOf) {
            Arrays.fill(refs, 0, size, SampleBatch.NO_REF);
            notes.forgetHandedOver();
            refsOf = storage;
        }
    }

    @Override
    public int end(byte[] page, int from, int limit) {
        int guess = guess();
        if (guess == NONE) {
            return -1;
        }
        int start = textStart[guess];
        int length = textStart[guess + 1] - start;
        boolean equal = limit - from > length && Arrays.equals(page, from, from + length, text, start, start + length);
        return equal ? from + length : -1;
    }

    private int guess() {
        return previous == NONE ? first : successor[previous];
    }

    /** The series that {@link #end} predicted. */
    int predicted() {
        return arrive(guess());
    }

    /** The series of this spelling, or -1 if it was never met. */
    int find(byte[] page, int from, int to) {
        int found = look(page, from, to);
        return found == NONE ? NONE : arrive(found);
    }

    /** The series of these bytes, which no page spells like that; -1 if it was never met. */
    int look(byte[] page, int from, int to) {
        int hash = hash(page, from, to);
        int mask = table.length - 1;
        for (int slot = hash & mask; table[slot] != 0; slot = (slot + 1) & mask) {
            int entry = table[slot] - 1;
            if (hashes[entry] == hash && Arrays.equals(text, textStart[entry], textStart[entry + 1], page, from, to)) {
                return entry;
            }
        }
        return NONE;
    }

    /**
     * Remembers a spelling not met before.
     *
     * @param finalLabels after relabelling; null if that drops the series
     */
    int add(byte[] page, int from, int to, Labels finalLabels) {
        return arrive(put(page, from, to, finalLabels));
    }

    /** Remembers a series under bytes that no page spells like that. */
    int put(byte[] page, int from, int to, Labels finalLabels) {
        if (size == hashes.length) {
            grow();
        }
        int entry = size++;
        int start = textStart[entry];
        int end = start + to - from;
        if (end > text.length) {
            text = Arrays.copyOf(text, Math.max(end, text.length + (text.length >> 1)));
        }
        System.arraycopy(page, from, text, start, to - from);
        textStart[entry + 1] = end;
        hashes[entry] = hash(page, from, to);
        labels[entry] = finalLabels;
        refs[entry] = SampleBatch.NO_REF;
        successor[entry] = NONE;
        // Looks as if never seen, so that it counts as added.
        seenIn[entry] = -1;
        index(entry);
        return entry;
    }

    private void index(int entry) {
        if (2 * size > table.length) {
            rehash(4 * Integer.highestOneBit(size));
            return;
        }
        put(table, hashes[entry], entry);
        same[entry] = labels[entry] == null ? entry : putLabels(entry);
    }

    private void rehash(int capacity) {
        table = new int[capacity];
        labelTable = new int[capacity];
        for (int i = 0; i < size; i++) {
            put(table, hashes[i], i);
            same[i] = labels[i] == null ? i : putLabels(i);
        }
    }

    private static void put(int[] table, int hash, int entry) {
        int mask = table.length - 1;
        int slot = hash & mask;
        while (table[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        table[slot] = entry + 1;
    }

    private int putLabels(int entry) {
        int mask = labelTable.length - 1;
        int slot = mix(labels[entry].hashCode()) & mask;
        while (labelTable[slot] != 0) {
            int other = labelTable[slot] - 1;
            if (labels[other].equals(labels[entry])) {
                return other;
            }
            slot = (slot + 1) & mask;
        }
        labelTable[slot] = entry + 1;
        return entry;
    }

    /** Notes the order of series, so that the next page is predicted by this one. */
    private int arrive(int entry) {
        if (previous == NONE) {
            first = entry;
        } else {
            successor[previous] = entry;
        }
        previous = entry;
        return entry;
    }

    /** Marks the series as seen in this scrape; false if it was already. */
    boolean see(int series) {
        if (seenIn[series] == round) {
            return false;
        }
        seenIn[series] = round;
        seen++;
        return true;
    }

    /** Whether neither the last good scrape nor a failed one since had the series; ask before {@link #see}. */
    boolean isNew(int series) {
        return seenIn[series] < lastGoodRound || seenIn[series] < 0;
    }

    /** The series will end with a staleness marker when a scrape does not have it. */
    void track(int series) {
        tracked.set(same[series]);
    }

    /** Null if relabelling drops the series. */
    Labels labels(int series) {
        return labels[series];
    }

    long ref(int series) {
        return refs[same[series]];
    }

    void ref(int series, long ref) {
        refs[same[series]] = ref;
    }

    SeriesNotes notes() {
        return notes;
    }

    /** Where notes about the labels stand, whatever their spelling. */
    int same(int series) {
        return same[series];
    }

    /** The next series, from the given one on, that the scrape before had and this one has not; -1 if there is none. */
    int nextStale(int from) {
        int series = trackedBefore.nextSetBit(from);
        while (series >= 0 && tracked.get(series)) {
            series = trackedBefore.nextSetBit(series + 1);
        }
        return series;
    }

    /** Whether this scrape has, under any spelling, a series with these labels that is tracked. */
    boolean isTracked(Labels wanted) {
        int mask = labelTable.length - 1;
        for (int slot = mix(wanted.hashCode()) & mask; labelTable[slot] != 0; slot = (slot + 1) & mask) {
            int entry = labelTable[slot] - 1;
            if (labels[entry].equals(wanted)) {
                return tracked.get(entry);
            }
        }
        return false;
    }

    /** The series that the scrape before had. */
    List<TargetSeries.Carried> trackedBefore() {
        List<TargetSeries.Carried> series = new ArrayList<>();
        trackedBefore.stream().forEach(i -> series.add(new TargetSeries.Carried(labels[i], notes.kind(i))));
        return series;
    }

    /** Visits the labels of the series that the last good scrape had, or a failed one since, and relabelling left. */
    void forEachLive(Consumer<Labels> visitor) {
        for (int i = 0; i < size; i++) {
            if (seenIn[i] >= lastGoodRound && same[i] == i && labels[i] != null) {
                visitor.accept(labels[i]);
            }
        }
    }

    /** Makes every series of the scrape before stale, as after a failed one; ask {@link #nextStale} then. */
    void untrack() {
        tracked.clear();
    }

    /** Ends a good scrape. */
    void commit() {
        swap();
        // A few dead ones are cheaper kept than moved around for.
        if (size - seen > 64 + size / 4) {
            retainSeen();
        }
        lastGoodRound = round;
        lastGoodSize = seen;
    }

    /**
     * Ends a failed scrape.
     *
     * @return whether there were so many series that those of earlier failed scrapes had to be forgotten
     */
    boolean rollback() {
        swap();
        boolean tooMany = size > 2 * lastGoodSize + FAILED_SLACK;
        if (tooMany) {
            retainSeen();
        }
        return tooMany;
    }

    private void swap() {
        BitSet swapped = trackedBefore;
        trackedBefore = tracked;
        tracked = swapped;
        tracked.clear();
    }

    /** Forgets what the present scrape did not see. */
    private void retainSeen() {
        int[] moved = new int[size];
        Arrays.fill(moved, NONE);
        boolean[] kept = new boolean[size];
        for (int i = 0; i < size; i++) {
            if (seenIn[i] == round) {
                kept[i] = true;
                // Another spelling of the same labels holds reference and tracking for this one.
                kept[same[i]] = true;
                if (notes.isPart(i)) {
                    kept[notes.group(i)] = true;
                    kept[same[notes.group(i)]] = true;
                }
            }
        }
        int n = 0;
        for (int i = 0; i < size; i++) {
            if (kept[i]) {
                move(i, n);
                moved[i] = n++;
            }
        }
        Arrays.fill(labels, n, size, null);
        notes.move(moved, n);
        size = n;
        for (int i = 0; i < n; i++) {
            successor[i] = successor[i] == NONE ? NONE : moved[successor[i]];
        }
        first = first == NONE ? NONE : moved[first];
        previous = NONE;
        BitSet before = new BitSet(n);
        trackedBefore.stream().filter(i -> moved[i] != NONE).forEach(i -> before.set(moved[i]));
        trackedBefore = before;
        rehash(Math.max(64, 4 * Integer.highestOneBit(Math.max(1, n))));
    }

    private void move(int from, int to) {
        int start = textStart[from];
        int length = textStart[from + 1] - start;
        System.arraycopy(text, start, text, textStart[to], length);
        textStart[to + 1] = textStart[to] + length;
        hashes[to] = hashes[from];
        successor[to] = successor[from];
        seenIn[to] = seenIn[from];
        refs[to] = refs[from];
        labels[to] = labels[from];
    }

    private void grow() {
        int capacity = size + (size >> 1);
        hashes = Arrays.copyOf(hashes, capacity);
        textStart = Arrays.copyOf(textStart, capacity + 1);
        successor = Arrays.copyOf(successor, capacity);
        seenIn = Arrays.copyOf(seenIn, capacity);
        same = Arrays.copyOf(same, capacity);
        refs = Arrays.copyOf(refs, capacity);
        labels = Arrays.copyOf(labels, capacity);
    }

    private static int hash(byte[] page, int from, int to) {
        int h = 0;
        for (int i = from; i < to; i++) {
            h = 31 * h + page[i];
        }
        return mix(h);
    }

    private static int mix(int h) {
        int x = h * 0x9E3779B9;
        return x ^ (x >>> 15);
    }

    int size() {
        return size;
    }
}
