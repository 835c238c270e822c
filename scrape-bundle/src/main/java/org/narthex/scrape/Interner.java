package org.narthex.scrape;

/**
 * Lets equal names and values of different targets share one string. A table of fixed size in which the newer displaces the older: what is common
 * stays, what is not costs nothing for long. Races only lose a sharing.
 */
final class Interner {
    private static final int SIZE = 1 << 14;
    private static final String[] TABLE = new String[SIZE];

    private Interner() {}

    static String intern(String text) {
        int h = text.hashCode();
        int slot = (h ^ (h >>> 15)) & (SIZE - 1);
        String there = TABLE[slot];
        if (text.equals(there)) {
            return there;
        }
        TABLE[slot] = text;
        return text;
    }
}
