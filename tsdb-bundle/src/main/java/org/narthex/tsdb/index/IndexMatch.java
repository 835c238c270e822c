package org.narthex.tsdb.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.narthex.api.model.Matcher;
import org.narthex.api.model.Regex;

/** Finds the series of a block that match, and their label names and values, by set operations on sorted postings. */
public final class IndexMatch {
    private IndexMatch() {}

    /** @return the numbers of series that match all matchers, ascending, which is the order of their labels; all series if there are no matchers */
    public static Postings find(IndexReader index, List<Matcher> matchers) throws IOException {
        List<Postings> all = new ArrayList<>();
        List<Matcher> negative = new ArrayList<>();
        for (Matcher matcher : matchers) {
            if (matcher.matchesEmpty()) {
                negative.add(matcher);
                continue;
            }
            Postings matching = union(index, matcher, true);
            if (matching.size() == 0) {
                return Postings.EMPTY;
            }
            all.add(matching);
        }
        Postings found = all.isEmpty() ? index.all() : SetPostings.intersection(all);
        for (Matcher matcher : negative) {
            // Series without the label match, so those are taken out that have it with a value that does not.
            found = SetPostings.difference(found, union(index, matcher, false));
        }
        return found;
    }

    /** The series whose value of the label does, or does not, match. */
    private static Postings union(IndexReader index, Matcher matcher, boolean matching) throws IOException {
        List<ListedPostings> lists = new ArrayList<>();
        List<String> literals = literals(matcher, matching);
        if (!literals.isEmpty()) {
            for (String literal : new LinkedHashSet<>(literals)) {
                long postings = index.find(matcher.name(), literal);
                if (postings >= 0) {
                    lists.add(index.postings(postings));
                }
            }
        } else {
            for (String prefix : prefixes(matcher, matching)) {
                index.values(matcher.name(), prefix, (value, postings) -> {
                    if (!value.isEmpty() && matcher.matches(value) == matching) {
                        lists.add(index.postings(postings));
                    }
                    return true;
                });
            }
        }
        return SetPostings.union(lists);
    }

    /** Whether the values looked for are those that the matcher's value itself describes. */
    private static boolean isAffirmative(Matcher matcher, boolean matching) {
        boolean positive = matcher.type() == Matcher.Type.EQUAL || matcher.type() == Matcher.Type.REGEX;
        return positive == matching;
    }

    /** The values that alone can be in the union, if the matcher fixes them. */
    private static List<String> literals(Matcher matcher, boolean matching) {
        if (!isAffirmative(matcher, matching)) {
            return List.of();
        }
        Optional<Regex> regex = matcher.regex();
        return regex.isPresent() ? regex.get().literals() : List.of(matcher.value());
    }

    /** What the values in the union start with: one of these, of which none starts with another. */
    private static List<String> prefixes(Matcher matcher, boolean matching) {
        Optional<Regex> regex = matcher.regex();
        if (regex.isEmpty()) {
            return List.of(isAffirmative(matcher, matching) ? matcher.value() : "");
        }
        if (isAffirmative(matcher, matching)) {
            return regex.get().prefixes();
        }
        // The other values of an expression that takes all are none.
        return regex.get().isAnything() ? List.of() : List.of("");
    }

    /** Adds the names of labels of matching series, or of all if there are no matchers. */
    public static void labelNames(IndexReader index, List<Matcher> matchers, Set<String> into) throws IOException {
        if (matchers.isEmpty()) {
            into.addAll(index.labelNames());
            return;
        }
        Postings found = find(index, matchers);
        Set<Integer> known = new HashSet<>();
        for (long series = found.next(); series != Postings.END; series = found.next()) {
            int[] symbols = index.symbolSeries(series).labels;
            for (int i = 0; i < symbols.length; i += 2) {
                if (known.add(symbols[i])) {
                    into.add(index.symbol(symbols[i]));
                }
            }
        }
    }

    /**
     * Adds the values of a label of matching series, or of all if there are no matchers.
     *
     * @param limit the most values to add, which are then the first ones; 0 for all
     */
    public static void labelValues(IndexReader index, String name, List<Matcher> matchers, int limit, Set<String> into)
            throws IOException {
        List<Matcher> own = new ArrayList<>();
        List<Matcher> others = new ArrayList<>();
        for (Matcher matcher : matchers) {
            (matcher.name().equals(name) ? own : others).add(matcher);
        }
        ListedPostings found = others.isEmpty() ? null : ListedPostings.copyOf(find(index, others));
        if (found != null && limit == 0 && found.size() < index.valueCount(name)) {
            addFromSeries(index, name, own, found, into);
            return;
        }
        int[] added = {0};
        List<String> prefixes = own.isEmpty() ? List.of("") : prefixes(own.get(0), true);
        for (String prefix : prefixes) {
            index.values(name, prefix, (value, postings) -> {
                if (limit > 0 && added[0] == limit) {
                    return false;
                }
                if (!value.isEmpty()
                        && areMatched(own, value)
                        && (found == null || meet(found, index.postings(postings)))) {
                    into.add(value);
                    added[0]++;
                }
                return true;
            });
        }
    }

    private static boolean areMatched(List<Matcher> matchers, String value) {
        for (Matcher matcher : matchers) {
            if (!matcher.matches(value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean meet(ListedPostings some, ListedPostings others) throws IOException {
        return SetPostings.intersection(List.of(some.again(), others)).next() != Postings.END;
    }

    private static void addFromSeries(
            IndexReader index, String name, List<Matcher> own, Postings found, Set<String> into) throws IOException {
        for (long series = found.next(); series != Postings.END; series = found.next()) {
            String value = index.labels(series).get(name);
            if (!value.isEmpty() && areMatched(own, value)) {
                into.add(value);
            }
        }
    }
}
