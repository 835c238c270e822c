package org.narthex.tsdb.head;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;

import org.roaringbitmap.RoaringBitmap;

/** A set of series' slots: an array while it is small, which most are, then a compressed bitmap. Guarded by the head's lock. */
final class Postings {
    private static final int ARRAY_MAX = 32;

    private int[] few = new int[1];
    private int count;
    /** In place of the array once there are many. */
    private RoaringBitmap many;

    int count() {
        return many == null ? count : many.getCardinality();
    }

    /** Adds a slot that is not there yet. */
    void add(int slot) {
        if (many != null) {
            many.add(slot);
            return;
        }
        if (count == ARRAY_MAX) {
            many = RoaringBitmap.bitmapOf(few);
            many.add(slot);
            few = new int[0];
            return;
        }
        if (count == few.length) {
            few = Arrays.copyOf(few, Math.min(ARRAY_MAX, count + (count >> 1) + 1));
        }
        few[count++] = slot;
    }

    /** Takes slots out. */
    void removeAll(BitSet slots) {
        if (many != null) {
            RoaringBitmap gone = new RoaringBitmap();
            many.forEach((org.roaringbitmap.IntConsumer) slot -> {
                if (slots.get(slot)) {
                    gone.add(slot);
                }
            });
            many.andNot(gone);
            return;
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (!slots.get(few[i])) {
                few[kept++] = few[i];
            }
        }
        count = kept;
    }

    void forEach(IntConsumer sink) {
        if (many != null) {
            many.forEach((org.roaringbitmap.IntConsumer) sink::accept);
        } else {
            for (int i = 0; i < count; i++) {
                sink.accept(few[i]);
            }
        }
    }

    /** Adds these slots to a set of one's own. */
    void addTo(RoaringBitmap set) {
        if (many != null) {
            set.or(many);
        } else {
            for (int i = 0; i < count; i++) {
                set.add(few[i]);
            }
        }
    }

    /** Leaves in a set of one's own what is here too. */
    void retainIn(RoaringBitmap set) {
        if (many != null) {
            set.and(many);
        } else {
            RoaringBitmap own = new RoaringBitmap();
            addTo(own);
            set.and(own);
        }
    }
}
