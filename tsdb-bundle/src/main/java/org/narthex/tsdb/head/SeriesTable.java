package org.narthex.tsdb.head;

import java.util.Arrays;

import org.narthex.api.model.Labels;

/**
 * The series of the head: pages of columns keyed by a dense slot, and the look-up from labels to slot. Guarded by the head's lock; {@link #page}
 * may be called without, for slots known to the caller.
 */
final class SeriesTable {
    static final int NONE = -1;

    private final LabelPairs pairs;
    private final SeriesOrder order;
    private volatile SeriesPage[] pages = new SeriesPage[0];
    /** Open addressing: 1 + slot, 0 for empty. */
    private int[] table = new int[256];

    private int unused;
    private int[] free = new int[16];
    private int freeCount;
    private int size;

    SeriesTable(LabelPairs pairs, SeriesOrder order) {
        this.pairs = pairs;
        this.order = order;
    }

    SeriesPage[] pages() {
        return pages;
    }

    SeriesPage page(int slot) {
        return pages[slot >>> SeriesPage.BITS];
    }

    static int index(int slot) {
        return slot & (SeriesPage.SIZE - 1);
    }

    /** One more than the greatest slot there may be. */
    int limit() {
        return unused;
    }

    int size() {
        return size;
    }

    boolean isUsed(int slot) {
        return slot >= 0 && slot < unused && page(slot).ref[index(slot)] != 0;
    }

    /** The series' number in the log. */
    long refOf(int slot) {
        return page(slot).ref[index(slot)];
    }

    /**
     * Mixes after every string. {@link Labels#hashCode} does not, and the linear hash it is gives label sets that count in two places, such as
     * {@code disk="1", cpu="2"} and {@code disk="2", cpu="1"}, equal hashes far too often.
     */
    private static int hash(Labels labels) {
        int h = labels.size();
        for (int i = 0; i < labels.size(); i++) {
            h = mix(mix(h ^ labels.name(i).hashCode()) + labels.value(i).hashCode());
        }
        return h;
    }

    static int mix(int value) {
        int h = value * 0x9e3779b9;
        return h ^ h >>> 15;
    }

    int find(Labels labels) {
        int hash = hash(labels);
        int mask = table.length - 1;
        for (int i = hash & mask; table[i] != 0; i = (i + 1) & mask) {
            int slot = table[i] - 1;
            if (page(slot).hash[index(slot)] == hash && isLabelled(slot, labels)) {
                return slot;
            }
        }
        return NONE;
    }

    private boolean isLabelled(int slot, Labels labels) {
        int[] own = page(slot).labels[index(slot)];
        if (own.length != labels.size()) {
            return false;
        }
        for (int i = 0; i < own.length; i++) {
            if (!pairs.value(own[i]).equals(labels.value(i))
                    || !pairs.name(own[i]).equals(labels.name(i))) {
                return false;
            }
        }
        return true;
    }

    /** Adds a series that is not there yet, without samples. */
    int add(Labels labels, long ref) {
        int slot = freeCount > 0 ? free[--freeCount] : unused++;
        if (slot >>> SeriesPage.BITS >= pages.length) {
            SeriesPage[] more = Arrays.copyOf(pages, pages.length + 1);
            more[pages.length] = new SeriesPage();
            Arrays.fill(more[pages.length].view, SeriesPage.NOTHING);
            pages = more;
        }
        int[] own = new int[labels.size()];
        for (int i = 0; i < own.length; i++) {
            own[i] = pairs.intern(labels.name(i), labels.value(i));
            pairs.postings(own[i]).add(slot);
        }
        SeriesPage page = page(slot);
        int at = index(slot);
        page.labels[at] = own;
        page.hash[at] = hash(labels);
        page.ref[at] = ref;
        page.lastTimeMs[at] = Long.MIN_VALUE;
        page.chunk[at] = ChunkTable.NONE;
        order.forget(slot);
        size++;
        if (size * 2 > table.length) {
            rehash(table.length * 2);
        } else {
            insert(slot);
        }
        return slot;
    }

    private void insert(int slot) {
        int mask = table.length - 1;
        int i = page(slot).hash[index(slot)] & mask;
        while (table[i] != 0) {
            i = (i + 1) & mask;
        }
        table[i] = slot + 1;
    }

    private void rehash(int length) {
        table = new int[length];
        for (int slot = 0; slot < unused; slot++) {
            if (isUsed(slot)) {
                insert(slot);
            }
        }
    }

    /** Takes a series out of the look-up; its labels stay readable until {@link #release}. The postings are the caller's matter. */
    void remove(int slot) {
        int mask = table.length - 1;
        int hole = page(slot).hash[index(slot)] & mask;
        while (table[hole] != slot + 1) {
            hole = (hole + 1) & mask;
        }
        for (int i = (hole + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
            int moved = table[i] - 1;
            int home = page(moved).hash[index(moved)] & mask;
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                table[hole] = table[i];
                hole = i;
            }
        }
        table[hole] = 0;
        page(slot).ref[index(slot)] = 0;
        size--;
    }

    /** Lets the slot of a removed series be used again. */
    void release(int slot) {
        page(slot).labels[index(slot)] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = slot;
    }
}
