package org.narthex.tsdb.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

import org.narthex.api.model.Matcher;
import org.narthex.api.model.Regex;

/** Finds the series of a block that match, by set operations on sorted postings. */
public final class IndexMatch {
    private IndexMatch() {}

    /** @return the numbers of series that match all matchers, ascending, which is the order of their labels; all series if there are no matchers */
    public static int[] find(IndexReader index, List<Matcher> matchers) throws IOException {
        int[] found = null;
        List<Matcher> negative = new ArrayList<>();
        for (Matcher matcher : matchers) {
            if (matcher.matchesEmpty()) {
                negative.add(matcher);
                continue;
            }
            int[] matching = union(index, matcher, true);
            found = found == null ? matching : intersect(found, matching);
            if (found.length == 0) {
                return found;
            }
        }
        if (found == null) {
            found = index.allPostings();
        }
        for (Matcher matcher : negative) {
            // Series without the label match, so those are taken out that have it with a value that does not.
            found = subtract(found, union(index, matcher, false));
        }
        return found;
    }

    /** The series whose value of the label does, or does not, match. */
    private static int[] union(IndexReader index, Matcher matcher, boolean matching) throws IOException {
        List<int[]> lists = new ArrayList<>();
        List<String> literals = literals(matcher, matching);
        if (!literals.isEmpty()) {
            for (String literal : new HashSet<>(literals)) {
                int postings = index.find(matcher.name(), literal);
                if (postings >= 0) {
                    lists.add(index.postings(postings));
                }
            }
        } else {
            index.values(matcher.name(), (value, postings) -> {
                if (!value.isEmpty() && matcher.matches(value) == matching) {
                    lists.add(index.postings(postings));
                }
            });
        }
        return union(lists);
    }

    /** The values that alone can be in the union, if the matcher fixes them. */
    private static List<String> literals(Matcher matcher, boolean matching) {
        boolean equal = matcher.type() == Matcher.Type.EQUAL;
        boolean regex = matcher.type() == Matcher.Type.REGEX;
        boolean notEqual = matcher.type() == Matcher.Type.NOT_EQUAL;
        boolean notRegex = matcher.type() == Matcher.Type.NOT_REGEX;
        if ((matching && equal) || (!matching && notEqual)) {
            return List.of(matcher.value());
        }
        if ((matching && regex) || (!matching && notRegex)) {
            return matcher.regex().map(Regex::literals).orElse(List.of());
        }
        return List.of();
    }

    private static int[] union(List<int[]> lists) {
        if (lists.size() == 1) {
            return lists.get(0);
        }
        int size = 0;
        for (int[] list : lists) {
            size += list.length;
        }
        // Lists of different values of one label share no series.
        int[] all = new int[size];
        int n = 0;
        for (int[] list : lists) {
            System.arraycopy(list, 0, all, n, list.length);
            n += list.length;
        }
        Arrays.sort(all);
        return all;
    }

    private static int[] intersect(int[] a, int[] b) {
        int[] both = new int[Math.min(a.length, b.length)];
        int n = 0;
        int j = 0;
        for (int value : a) {
            while (j < b.length && b[j] < value) {
                j++;
            }
            if (j < b.length && b[j] == value) {
                both[n++] = value;
            }
        }
        return Arrays.copyOf(both, n);
    }

    private static int[] subtract(int[] a, int[] b) {
        int[] rest = new int[a.length];
        int n = 0;
        int j = 0;
        for (int value : a) {
            while (j < b.length && b[j] < value) {
                j++;
            }
            if (j == b.length || b[j] != value) {
                rest[n++] = value;
            }
        }
        return Arrays.copyOf(rest, n);
    }
}
