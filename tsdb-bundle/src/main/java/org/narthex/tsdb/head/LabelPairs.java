package org.narthex.tsdb.head;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import org.narthex.api.model.Labels;

/**
 * The distinct label pairs of the head, numbered densely, each with its postings: the series that carry it. Names are interned, so
 * they can be compared by reference. Guarded by the head's lock; {@link #name} and {@link #value} of a pair known to the caller may be read
 * without, since the arrays are replaced, not moved, and pairs of removed series are not used again while a view is open.
 */
final class LabelPairs {
    static final int NONE = -1;

    /** A label name and all its pairs. */
    static final class Name {
        final String text;
        private int[] pairs = new int[4];
        private int count;

        private Name(String text) {
            this.text = text;
        }

        int count() {
            return count;
        }

        int pair(int i) {
            return pairs[i];
        }
    }

    private final Map<String, Name> names = new HashMap<>();
    /** Open addressing: 1 + pair, 0 for empty. */
    private int[] table = new int[256];

    private volatile Name[] nameOf = new Name[64];
    private volatile String[] valueOf = new String[64];
    private Postings[] postings = new Postings[64];
    private int unused;
    private int[] free = new int[16];
    private int freeCount;

    private static int hash(String name, String value) {
        return SeriesTable.mix(SeriesTable.mix(name.hashCode()) + value.hashCode());
    }

    int find(String name, String value) {
        int mask = table.length - 1;
        for (int i = hash(name, value) & mask; table[i] != 0; i = (i + 1) & mask) {
            int pair = table[i] - 1;
            if (valueOf[pair].equals(value) && nameOf[pair].text.equals(name)) {
                return pair;
            }
        }
        return NONE;
    }

    int intern(String name, String value) {
        int pair = find(name, value);
        return pair != NONE ? pair : add(name, value);
    }

    private int add(String name, String value) {
        int pair = freeCount > 0 ? free[--freeCount] : unused++;
        if (pair == nameOf.length) {
            int length = pair * 2;
            nameOf = Arrays.copyOf(nameOf, length);
            valueOf = Arrays.copyOf(valueOf, length);
            postings = Arrays.copyOf(postings, length);
        }
        Name interned = names.computeIfAbsent(name, Name::new);
        if (interned.count == interned.pairs.length) {
            interned.pairs = Arrays.copyOf(interned.pairs, interned.count * 2);
        }
        interned.pairs[interned.count++] = pair;
        nameOf[pair] = interned;
        valueOf[pair] = value;
        postings[pair] = new Postings();
        if (size() * 2 > table.length) {
            rehash(table.length * 2);
        } else {
            insert(pair);
        }
        return pair;
    }

    private void insert(int pair) {
        int mask = table.length - 1;
        int i = hash(nameOf[pair].text, valueOf[pair]) & mask;
        while (table[i] != 0) {
            i = (i + 1) & mask;
        }
        table[i] = pair + 1;
    }

    private void rehash(int length) {
        table = new int[length];
        for (int pair = 0; pair < unused; pair++) {
            if (nameOf[pair] != null) {
                insert(pair);
            }
        }
    }

    /** The label name, the same object for all pairs of that name. */
    String name(int pair) {
        return nameOf[pair].text;
    }

    boolean nameIs(int pair, Name name) {
        return nameOf[pair] == name;
    }

    String value(int pair) {
        return valueOf[pair];
    }

    /** The name's pairs, or null if no series has such a label. */
    Name named(String name) {
        return names.get(name);
    }

    Collection<Name> names() {
        return names.values();
    }

    /** Pairs in use. */
    int size() {
        return unused - freeCount;
    }

    /** One more than the greatest pair there may be. */
    int limit() {
        return unused;
    }

    /** The series that carry the pair. */
    Postings postings(int pair) {
        return postings[pair];
    }

    /** Takes a pair no series carries any more out of the look-up; its name and value stay readable until {@link #release}. */
    void remove(int pair) {
        Name name = nameOf[pair];
        int at = 0;
        while (name.pairs[at] != pair) {
            at++;
        }
        name.pairs[at] = name.pairs[--name.count];
        if (name.count == 0) {
            names.remove(name.text);
        }
        removeFromTable(pair);
    }

    private void removeFromTable(int pair) {
        int mask = table.length - 1;
        int hole = hash(nameOf[pair].text, valueOf[pair]) & mask;
        while (table[hole] != pair + 1) {
            hole = (hole + 1) & mask;
        }
        // Linear probing: what follows moves up if the hole lies between its home and its place.
        for (int i = (hole + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
            int moved = table[i] - 1;
            int home = hash(nameOf[moved].text, valueOf[moved]) & mask;
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                table[hole] = table[i];
                hole = i;
            }
        }
        table[hole] = 0;
    }

    /** Lets the number of a removed pair be used again. */
    void release(int pair) {
        nameOf[pair] = null;
        valueOf[pair] = null;
        postings[pair] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = pair;
    }

    /** Compares two series' labels as {@link Labels#compareTo} does. */
    int compare(int[] a, int[] b) {
        int n = Math.min(a.length, b.length);
        for (int i = 0; i < n; i++) {
            if (a[i] != b[i]) {
                String nameA = name(a[i]);
                String nameB = name(b[i]);
                int c = nameA.equals(nameB)
                        ? Labels.UTF8_ORDER.compare(value(a[i]), value(b[i]))
                        : Labels.UTF8_ORDER.compare(nameA, nameB);
                if (c != 0) {
                    return c;
                }
            }
        }
        return Integer.compare(a.length, b.length);
    }

    /** The value of a label among a series' pairs, empty if it has no such label. */
    String valueOf(int[] pairs, String name) {
        for (int pair : pairs) {
            if (name(pair).equals(name)) {
                return value(pair);
            }
        }
        return "";
    }

    Labels labels(int[] pairs) {
        String[] namesAndValues = new String[2 * pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            namesAndValues[2 * i] = name(pairs[i]);
            namesAndValues[2 * i + 1] = value(pairs[i]);
        }
        return Labels.of(namesAndValues);
    }
}
