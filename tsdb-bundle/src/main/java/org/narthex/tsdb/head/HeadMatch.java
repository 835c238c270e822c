package org.narthex.tsdb.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;

import org.narthex.api.model.Matcher;
import org.narthex.api.model.Regex;
import org.roaringbitmap.RoaringBitmap;

/**
 * Finds the series of the head that match, in two steps. {@link #candidates}, under the head's lock, intersects postings of those matchers that lead to
 * few label values. {@link #accepts}, without it, asks the others of each candidate by its labels; an expression is asked once per label value.
 */
final class HeadMatch {
    /** Labels with more values are not searched for matching ones under the lock. */
    private static final int FEW_VALUES = 1000;

    private final LabelPairs pairs;
    private final SeriesTable series;
    private final List<Test> tests = new ArrayList<>();
    /** Per matcher the pairs that alone match it. */
    private final List<int[]> fixed = new ArrayList<>();

    private boolean isEmpty;

    /** Call under the lock. */
    HeadMatch(LabelPairs pairs, SeriesTable series, Collection<Matcher> matchers) {
        this.pairs = pairs;
        this.series = series;
        for (Matcher matcher : matchers) {
            LabelPairs.Name name = pairs.named(matcher.name());
            boolean matchesEmpty = matcher.matchesEmpty();
            if (name == null) {
                isEmpty |= !matchesEmpty;
                continue;
            }
            int[] values = matchesEmpty ? null : values(matcher, name);
            if (values != null) {
                isEmpty |= values.length == 0;
                fixed.add(values);
            } else {
                tests.add(new Test(matcher, name, matchesEmpty));
            }
        }
    }

    /** The pairs that match, if they are found quickly; else null. */
    private int[] values(Matcher matcher, LabelPairs.Name name) {
        List<String> literals =
                switch (matcher.type()) {
                    case EQUAL -> List.of(matcher.value());
                    case REGEX -> matcher.regex().map(Regex::literals).orElse(List.of());
                    case NOT_EQUAL, NOT_REGEX -> List.of();
                };
        if (literals.isEmpty() && name.count() > FEW_VALUES) {
            return null;
        }
        int[] found = new int[literals.isEmpty() ? name.count() : literals.size()];
        int n = 0;
        if (literals.isEmpty()) {
            for (int i = 0; i < name.count(); i++) {
                if (matcher.matches(pairs.value(name.pair(i)))) {
                    found[n++] = name.pair(i);
                }
            }
        } else {
            for (String literal : new HashSet<>(literals)) {
                int pair = pairs.find(matcher.name(), literal);
                if (pair != LabelPairs.NONE) {
                    found[n++] = pair;
                }
            }
        }
        return Arrays.copyOf(found, n);
    }

    /** Slots of series among which all that match are, ascending; call under the lock. */
    int[] candidates() {
        if (isEmpty) {
            return new int[0];
        }
        if (fixed.isEmpty()) {
            int[] all = new int[series.limit()];
            int n = 0;
            for (int slot = 0; slot < all.length; slot++) {
                if (series.isUsed(slot)) {
                    all[n++] = slot;
                }
            }
            return Arrays.copyOf(all, n);
        }
        fixed.sort((a, b) -> Long.compare(cost(a), cost(b)));
        RoaringBitmap found = union(fixed.get(0));
        for (int i = 1; i < fixed.size() && !found.isEmpty(); i++) {
            int[] values = fixed.get(i);
            if (values.length == 1) {
                pairs.postings(values[0]).retainIn(found);
            } else {
                found.and(union(values));
            }
        }
        return found.toArray();
    }

    private long cost(int[] values) {
        long cost = 0;
        for (int pair : values) {
            cost += pairs.postings(pair).count();
        }
        return cost;
    }

    private RoaringBitmap union(int[] values) {
        RoaringBitmap all = new RoaringBitmap();
        for (int pair : values) {
            pairs.postings(pair).addTo(all);
        }
        return all;
    }

    /** Whether all candidates match. */
    boolean acceptsAll() {
        return tests.isEmpty();
    }

    /** Whether a candidate with these labels matches. */
    boolean accepts(int[] labels) {
        for (Test test : tests) {
            if (!test.accepts(labels)) {
                return false;
            }
        }
        return true;
    }

    /** A matcher asked of each candidate. */
    private final class Test {
        private final Matcher matcher;
        private final LabelPairs.Name name;
        private final boolean matchesEmpty;
        /** Per pair: 0 not asked yet, 1 no, 2 yes. */
        private byte[] memory;

        Test(Matcher matcher, LabelPairs.Name name, boolean matchesEmpty) {
            this.matcher = matcher;
            this.name = name;
            this.matchesEmpty = matchesEmpty;
            this.memory = new byte[pairs.limit()];
        }

        boolean accepts(int[] labels) {
            for (int pair : labels) {
                if (pairs.nameIs(pair, name)) {
                    if (memory[pair] == 0) {
                        memory[pair] = (byte) (matcher.matches(pairs.value(pair)) ? 2 : 1);
                    }
                    return memory[pair] == 2;
                }
            }
            return matchesEmpty;
        }
    }
}
