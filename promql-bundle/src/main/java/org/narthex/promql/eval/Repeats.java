package org.narthex.promql.eval;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;

/** Results of parts that an expression repeats, kept for their next use. Used by one thread. */
final class Repeats {
    /** Longer results are computed again, row by row, rather than kept whole. */
    private static final long MOST_BYTES = 16 << 20;

    private record Key(String text, Grid grid, boolean countsOnly) {}

    private record Known(Value value, long looked) {}

    private final IdentityHashMap<Expr, String> texts;
    private final Query query;
    private final Map<Key, Known> known = new HashMap<>();
    private long keptSamples;
    private long keptBytes;

    /** @param texts the repeated parts; equal texts are equal parts */
    Repeats(IdentityHashMap<Expr, String> texts, Query query) {
        this.texts = texts;
        this.query = query;
    }

    boolean contain(Expr expr) {
        return texts.containsKey(expr);
    }

    /** Samples held until the end of the query. */
    long keptSamples() {
        return keptSamples;
    }

    /** Bytes held until the end of the query. */
    long keptBytes() {
        return keptBytes;
    }

    Value value(Expr expr, Grid grid, boolean countsOnly, Evaluation evaluation) throws QueryException {
        Key key = new Key(texts.get(expr), grid, countsOnly);
        Known before = known.get(key);
        if (before != null) {
            query.budget().look(before.looked);
            query.profile().reused(expr);
            return before.value;
        }
        long looked = query.budget().lookedSamples();
        int notes = query.notes().size();
        Value value = evaluation.run();
        if (value instanceof Vector vector) {
            long bytes = vector.size() * (Budget.SERIES_BYTES + (long) grid.steps() * Double.BYTES);
            if (bytes > Math.min(MOST_BYTES, query.budget().leftBytes() / 8)) {
                return value;
            }
            value = Rows.of(vector, query, grid.steps());
        }
        // Each occurrence has annotations of its own, with its own position.
        if (query.notes().size() == notes) {
            known.put(key, new Known(value, query.budget().lookedSamples() - looked));
            if (value instanceof Rows rows) {
                keptSamples += rows.weight();
                keptBytes += rows.bytes();
            }
        }
        return value;
    }
}
