package org.narthex.tsdb.head;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.narthex.api.model.Matcher;
import org.narthex.api.model.Regex;

/**
 * Finds the series of the head that match: it walks the shortest postings that any matcher leads to, and tests each series there against the other
 * matchers by pair numbers; a regular expression is asked once per label value. Used under the head's lock.
 */
final class HeadMatch {
    private final LabelPairs pairs;
    private final SeriesTable series;
    private final Test[] tests;
    private int[] found = new int[64];
    private int count;

    HeadMatch(LabelPairs pairs, SeriesTable series, List<Matcher> matchers) {
        this.pairs = pairs;
        this.series = series;
        this.tests = new Test[matchers.size()];
        for (int i = 0; i < tests.length; i++) {
            tests[i] = new Test(matchers.get(i));
        }
    }

    /** One matcher, prepared for the pairs at hand. */
    private final class Test {
        private final Matcher matcher;
        private final boolean matchesEmpty;
        private final LabelPairs.Name name;
        /** The pairs a value fixed in the matcher leads to; null if it fixes none. */
        private final int[] fixed;
        /** Per pair: 0 not asked yet, 1 no, 2 yes; only for expressions. */
        private byte[] memory;

        Test(Matcher matcher) {
            this.matcher = matcher;
            this.matchesEmpty = matcher.matchesEmpty();
            this.name = pairs.named(matcher.name());
            this.fixed = fixed();
        }

        private int[] fixed() {
            if (matchesEmpty || name == null) {
                return null;
            }
            if (matcher.type() == Matcher.Type.EQUAL) {
                int pair = pairs.find(matcher.name(), matcher.value());
                return pair == LabelPairs.NONE ? new int[0] : new int[] {pair};
            }
            Optional<Regex> regex = matcher.regex();
            if (matcher.type() != Matcher.Type.REGEX || regex.isEmpty()) {
                return null;
            }
            List<String> literals = regex.get().literals();
            if (literals.isEmpty()) {
                return null;
            }
            int[] known = new int[literals.size()];
            int n = 0;
            for (String literal : literals) {
                int pair = pairs.find(matcher.name(), literal);
                if (pair != LabelPairs.NONE && indexOf(known, n, pair) < 0) {
                    known[n++] = pair;
                }
            }
            return Arrays.copyOf(known, n);
        }

        /** How many series the pairs lead to; Long.MAX_VALUE if that would take asking all values. */
        long cost() {
            if (!matchesEmpty && name == null) {
                return 0;
            }
            if (fixed == null) {
                return Long.MAX_VALUE;
            }
            long cost = 0;
            for (int pair : fixed) {
                cost += pairs.postingsCount(pair);
            }
            return cost;
        }

        boolean accepts(int[] labels) {
            if (name == null) {
                return matchesEmpty;
            }
            for (int pair : labels) {
                if (pairs.nameIs(pair, name)) {
                    return fixed == null ? acceptsPair(pair) : indexOf(fixed, fixed.length, pair) >= 0;
                }
            }
            return matchesEmpty;
        }

        boolean acceptsPair(int pair) {
            if (matcher.regex().isEmpty()) {
                return matcher.matches(pairs.value(pair));
            }
            if (memory == null) {
                memory = new byte[pairs.limit()];
            }
            if (memory[pair] == 0) {
                memory[pair] = (byte) (matcher.matches(pairs.value(pair)) ? 2 : 1);
            }
            return memory[pair] == 2;
        }
    }

    private static int indexOf(int[] values, int count, int value) {
        for (int i = 0; i < count; i++) {
            if (values[i] == value) {
                return i;
            }
        }
        return -1;
    }

    /** Matching slots, in no order. */
    int[] slots() {
        Test best = null;
        long cost = Long.MAX_VALUE;
        Test scan = null;
        for (Test test : tests) {
            long c = test.cost();
            if (c < cost) {
                best = test;
                cost = c;
            }
            if (!test.matchesEmpty && scan == null) {
                scan = test;
            }
        }
        if (cost == 0) {
            return new int[0];
        }
        if (best != null) {
            for (int pair : best.fixed) {
                walk(pair, best);
            }
        } else if (scan != null) {
            for (int i = 0; i < scan.name.count(); i++) {
                if (scan.acceptsPair(scan.name.pair(i))) {
                    walk(scan.name.pair(i), scan);
                }
            }
        } else {
            for (int slot = 0; slot < series.limit(); slot++) {
                take(slot, null);
            }
        }
        return Arrays.copyOf(found, count);
    }

    private void walk(int pair, Test done) {
        int n = pairs.postingsCount(pair);
        for (int i = 0; i < n; i++) {
            take(pairs.posting(pair, i), done);
        }
    }

    private void take(int slot, Test done) {
        if (!series.isUsed(slot)) {
            return;
        }
        int[] labels = series.page(slot).labels[SeriesTable.index(slot)];
        for (Test test : tests) {
            if (test != done && !test.accepts(labels)) {
                return;
            }
        }
        if (count == found.length) {
            found = Arrays.copyOf(found, count * 2);
        }
        found[count++] = slot;
    }
}
