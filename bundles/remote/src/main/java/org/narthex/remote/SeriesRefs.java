package org.narthex.remote;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.InstantSource;

/**
 * Which reference a storage gave to a label set, known by its {@link SeriesHash}: the label set itself is not kept. Bounded: what was not asked for
 * in the last hour or two is forgotten, and the whole of a stripe when it is full.
 *
 * <p>Thread-safe. Reading takes no lock: within one array a place goes from empty to one key for good, so that a reader who comes too early sees
 * either nothing or another key, and asks the storage by labels; only references change in place, and both the old and the new one lead to
 * the right series or to none. Each stripe's lock guards writing to it.
 */
final class SeriesRefs {
    private static final int STRIPE_BITS = 4;
    private static final int STRIPES = 1 << STRIPE_BITS;
    /** High half, low half, reference. */
    private static final int WORDS = 3;

    private static final int FIRST_PLACES = 64;
    private static final long EPOCH_MS = 3_600_000;
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final Stripe[] stripes = new Stripe[STRIPES];
    private final InstantSource clock;
    private final long startedMs;
    private final int maxPerStripe;

    /** Entries, and beside each the epoch it was last asked for, in its lowest byte. */
    private static final class Table {
        private final long[] cells;
        private final byte[] seen;

        Table(int places) {
            cells = new long[places * WORDS];
            seen = new byte[places];
        }

        int places() {
            return seen.length;
        }
    }

    private static final class Stripe {
        volatile Table table = new Table(FIRST_PLACES);
        private int size;
        private byte sweptIn;
    }

    /** @param maxSeries the most label sets kept, about 40 bytes each */
    SeriesRefs(int maxSeries, InstantSource clock) {
        this.clock = clock;
        startedMs = clock.millis();
        maxPerStripe = Math.max(FIRST_PLACES, maxSeries / STRIPES);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /** The present epoch; ask once per request. */
    byte epoch() {
        return (byte) ((clock.millis() - startedMs) / EPOCH_MS);
    }

    /** The reference, or 0. */
    long get(long high, long low, byte epoch) {
        Table table = stripes[(int) (high >>> (64 - STRIPE_BITS))].table;
        long[] cells = table.cells;
        int places = table.places();
        int place = place(high, places);
        while (true) {
            int cell = place * WORDS;
            long there = (long) CELL.getOpaque(cells, cell + 1);
            if (there == low && (long) CELL.getOpaque(cells, cell) == high) {
                if (table.seen[place] != epoch) {
                    table.seen[place] = epoch;
                }
                return (long) CELL.getOpaque(cells, cell + 2);
            }
            if (there == 0) {
                return 0;
            }
            place = place + 1 == places ? 0 : place + 1;
        }
    }

    void put(long high, long low, long ref, byte epoch) {
        Stripe stripe = stripes[(int) (high >>> (64 - STRIPE_BITS))];
        synchronized (stripe) {
            if (stripe.sweptIn != epoch) {
                stripe.sweptIn = epoch;
                rebuild(stripe, epoch, stripe.size);
            }
            if (insert(stripe.table, high, low, ref, epoch)) {
                stripe.size++;
                if (stripe.size > maxPerStripe) {
                    stripe.table = new Table(FIRST_PLACES);
                    stripe.size = 0;
                } else if (stripe.size > stripe.table.places() / 4 * 3) {
                    rebuild(stripe, epoch, stripe.size);
                }
            }
        }
    }

    /** Leaves out what was not seen in this epoch or the one before. */
    private static void rebuild(Stripe stripe, byte epoch, int size) {
        Table old = stripe.table;
        byte before = (byte) (epoch - 1);
        Table fresh = new Table(Math.max(FIRST_PLACES, size * 2));
        int kept = 0;
        for (int place = 0; place < old.places(); place++) {
            int cell = place * WORDS;
            byte seen = old.seen[place];
            if (old.cells[cell + 1] != 0 && (seen == epoch || seen == before)) {
                insert(fresh, old.cells[cell], old.cells[cell + 1], old.cells[cell + 2], seen);
                kept++;
            }
        }
        stripe.size = kept;
        stripe.table = fresh;
    }

    /** Returns whether the key is new. */
    private static boolean insert(Table table, long high, long low, long ref, byte epoch) {
        long[] cells = table.cells;
        int places = table.places();
        int place = place(high, places);
        while (true) {
            int cell = place * WORDS;
            if (cells[cell + 1] == 0) {
                CELL.setOpaque(cells, cell + 2, ref);
                CELL.setOpaque(cells, cell, high);
                CELL.setOpaque(cells, cell + 1, low);
                table.seen[place] = epoch;
                return true;
            }
            if (cells[cell + 1] == low && cells[cell] == high) {
                CELL.setOpaque(cells, cell + 2, ref);
                table.seen[place] = epoch;
                return false;
            }
            place = place + 1 == places ? 0 : place + 1;
        }
    }

    /** Spreads the bits that did not choose the stripe over any number of places. */
    private static int place(long high, int places) {
        return (int) ((((high >>> 28) & 0xffff_ffffL) * places) >>> 32);
    }

    int size() {
        int size = 0;
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                size += stripe.size;
            }
        }
        return size;
    }
}
