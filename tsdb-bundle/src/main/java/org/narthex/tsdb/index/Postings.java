package org.narthex.tsdb.index;

import java.io.IOException;

/** Numbers of series, ascending, each once: a cursor that begins before the first. Not thread-safe. */
public abstract class Postings {
    /** After the last one. */
    public static final long END = Long.MAX_VALUE;

    static final Postings EMPTY = new Postings() {
        @Override
        public long next() {
            return END;
        }

        @Override
        public long seek(long atLeast) {
            return END;
        }

        @Override
        public long size() {
            return 0;
        }
    };

    Postings() {}

    /** Moves to the next one and returns it, or {@link #END}. */
    public abstract long next() throws IOException;

    /** Moves to the first one that is not below the given number, never back, and returns it, or {@link #END}. */
    public abstract long seek(long atLeast) throws IOException;

    /** How many there are at most, in all. */
    public abstract long size();
}
