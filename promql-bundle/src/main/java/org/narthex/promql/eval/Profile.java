package org.narthex.promql.eval;

import java.util.IdentityHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;

/** Measures what each part of an expression costs. */
public final class Profile {
    /** Measures nothing. */
    public static final Profile NONE = new Profile(false);

    /** What a part cost, those below it included. Thread-safe. */
    public static final class Cost {
        private final LongAdder nanos = new LongAdder();
        private final LongAdder series = new LongAdder();
        private final LongAdder samples = new LongAdder();
        private final LongAdder bytes = new LongAdder();
        private final LongAdder uses = new LongAdder();

        /** Time of all cores. */
        public long nanos() {
            return nanos.sum();
        }

        public long series() {
            return series.sum();
        }

        public long samples() {
            return samples.sum();
        }

        public long bytes() {
            return bytes.sum();
        }

        /** How often the result was asked for. */
        public long uses() {
            return uses.sum();
        }

        private void add(Row row) {
            series.increment();
            for (int step = 0; step < row.values().length; step++) {
                if (!row.isAbsent(step)) {
                    samples.increment();
                }
            }
            bytes.add(row.weight() * Double.BYTES + Budget.SERIES_BYTES);
        }
    }

    private final boolean on;
    /** Filled by the thread that evaluates. */
    private final IdentityHashMap<Expr, Cost> costs = new IdentityHashMap<>();

    private Profile(boolean on) {
        this.on = on;
    }

    public static Profile measuring() {
        return new Profile(true);
    }

    /** What the part cost; nothing if it was not evaluated. */
    public Cost cost(Expr expr) {
        return costs.getOrDefault(expr, new Cost());
    }

    boolean isOn() {
        return on;
    }

    /** Says that a result was used again. */
    void reused(Expr expr) {
        if (on) {
            costs.computeIfAbsent(expr, key -> new Cost()).uses.increment();
        }
    }

    Value evaluated(Expr expr, Evaluation evaluation) throws QueryException {
        Cost cost = costs.computeIfAbsent(expr, key -> new Cost());
        cost.uses.increment();
        long began = System.nanoTime();
        try {
            Value value = evaluation.run();
            if (value instanceof Rows rows) {
                for (int row = 0; row < rows.size(); row++) {
                    cost.add(rows.row(row));
                }
            } else if (value instanceof Vector vector) {
                return new MeasuredVector(vector, cost);
            }
            return value;
        } finally {
            cost.nanos.add(System.nanoTime() - began);
        }
    }

    SeriesSource reading(Expr expr, SeriesSource source) {
        if (!on) {
            return source;
        }
        Cost cost = costs.computeIfAbsent(expr, key -> new Cost());
        cost.uses.increment();
        return new MeasuredSource(source, cost);
    }

    /** A vector that measures the rows asked of it. */
    private static final class MeasuredVector extends Vector {
        private final Vector vector;
        private final Cost cost;

        MeasuredVector(Vector vector, Cost cost) {
            this.vector = vector;
            this.cost = cost;
        }

        @Override
        public int size() {
            return vector.size();
        }

        @Override
        public Labels labels(int row) {
            return vector.labels(row);
        }

        @Override
        public boolean dropsName(int row) {
            return vector.dropsName(row);
        }

        @Override
        boolean isDistinctWithoutName() {
            return vector.isDistinctWithoutName();
        }

        @Override
        public Row row(int row, double[] buffer, Scratch scratch) throws QueryException {
            long began = System.nanoTime();
            Row result = vector.row(row, buffer, scratch);
            if (result != null) {
                cost.add(result);
            }
            cost.nanos.add(System.nanoTime() - began);
            return result;
        }
    }

    /** A source that measures the reading. */
    private static final class MeasuredSource extends SeriesSource {
        private final SeriesSource source;
        private final Cost cost;

        MeasuredSource(SeriesSource source, Cost cost) {
            this.source = source;
            this.cost = cost;
        }

        @Override
        public int size() {
            return source.size();
        }

        @Override
        public Labels labels(int series) {
            return source.labels(series);
        }

        @Override
        boolean dropsName(int series) {
            return source.dropsName(series);
        }

        @Override
        boolean isDistinctWithoutName() {
            return source.isDistinctWithoutName();
        }

        @Override
        void read(int series, Scratch scratch) throws QueryException {
            long began = System.nanoTime();
            source.read(series, scratch);
            int size = scratch.samples().size();
            cost.series.add(size > 0 ? 1 : 0);
            cost.samples.add(size);
            cost.bytes.add(2L * Double.BYTES * size);
            cost.nanos.add(System.nanoTime() - began);
        }
    }
}
