package org.narthex.tsdb.head;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.narthex.api.storage.CardinalityStats;
import org.narthex.api.storage.CardinalityStats.Count;

/** Where the head's series are, counted at one moment, under the head's lock. */
public final class HeadCardinality {
    private static final Comparator<Count> GREATEST_FIRST =
            Comparator.comparingLong(Count::count).reversed().thenComparing(Count::name);

    private final List<Count> metrics = new ArrayList<>();
    private final List<Count> values = new ArrayList<>();
    private final List<Count> bytes = new ArrayList<>();
    private final List<Count> labelPairs = new ArrayList<>();

    HeadCardinality(LabelPairs pairs) {
        for (LabelPairs.Name name : pairs.names()) {
            long size = 0;
            for (int i = 0; i < name.count(); i++) {
                int pair = name.pair(i);
                String value = pairs.value(pair);
                int series = pairs.postings(pair).count();
                size += (long) value.length() * series;
                labelPairs.add(new Count(name.text + "=" + value, series));
                if (name.text.equals("__name__")) {
                    metrics.add(new Count(value, series));
                }
            }
            values.add(new Count(name.text, name.count()));
            bytes.add(new Count(name.text, size));
        }
    }

    /** @param limit the most entries of each list */
    public CardinalityStats first(int limit) {
        return new CardinalityStats(
                first(metrics, limit), first(values, limit), first(bytes, limit), first(labelPairs, limit));
    }

    private static List<Count> first(List<Count> all, int limit) {
        return all.stream().sorted(GREATEST_FIRST).limit(limit).toList();
    }
}
