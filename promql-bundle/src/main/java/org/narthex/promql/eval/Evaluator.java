package org.narthex.promql.eval;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Matcher;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SeriesSet;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.TokenType;
import org.narthex.promql.parser.ValueType;

/** Evaluates expressions on a grid. Used by one thread; loops over many series are shared with helpers. */
public final class Evaluator {
    private static final RowOperation NEGATION = new RowOperation() {
        private final RowOperation floats = MappedVector.perSample(value -> -value);

        @Override
        public void apply(double[] in, double[] out) {
            floats.apply(in, out);
        }

        @Override
        public FloatHistogram[] applyToHistograms(FloatHistogram[] in, double[] out) {
            FloatHistogram[] negated = new FloatHistogram[in.length];
            for (int step = 0; step < in.length; step++) {
                negated[step] = in[step] == null ? null : in[step].times(-1);
            }
            return negated;
        }
    };

    private final Query query;
    private final Map<String, Kernel> kernels;
    private final Repeats repeats;
    private final Map<List<Matcher>, SeriesSet> selected = new HashMap<>();
    /** Whether what is evaluated is part of something that needs no buckets of histograms. */
    private boolean countsOnly;

    /**
     * @param kernels the code of all functions by name
     * @param repeated the parts that occur several times, by identity, with a text that is the same for all of them
     */
    public Evaluator(Query query, Map<String, Kernel> kernels, IdentityHashMap<Expr, String> repeated) {
        this.query = query;
        this.kernels = kernels;
        this.repeats = new Repeats(repeated, query);
    }

    public Query query() {
        return query;
    }

    public Value evaluate(Expr expr, Grid grid) throws QueryException {
        return repeats.contain(expr)
                ? repeats.value(expr, grid, countsOnly, () -> evaluateOnce(expr, grid))
                : evaluateOnce(expr, grid);
    }

    private Value evaluateOnce(Expr expr, Grid grid) throws QueryException {
        Budget budget = query.budget();
        budget.check();
        long before = budget.held() - repeats.keptSamples();
        long bytesBefore = budget.heldBytes() - repeats.keptBytes();
        Value value;
        try {
            // Expressions may be deep: each frame counts.
            value = query.profile().isOn()
                    ? query.profile().evaluated(expr, () -> compute(expr, grid))
                    : compute(expr, grid);
        } catch (LimitReached e) {
            throw e.at(expr.span());
        }
        if (value instanceof Rows || value instanceof Value.Scalar) {
            // What the parts held is garbage now; a vector not computed yet still needs them.
            Rows rows = value instanceof Rows known ? known : new Rows();
            long weight = rows.weight();
            budget.release(Math.max(0, budget.held() - repeats.keptSamples() - before - weight));
            long bytes = budget.heldBytes() - repeats.keptBytes();
            budget.releaseBytes(Math.max(0, bytes - bytesBefore - rows.bytes()));
        }
        return value;
    }

    private Value compute(Expr expr, Grid grid) throws QueryException {
        if (expr instanceof Expr.NumberLiteral number) {
            return constant(number.value(), grid);
        }
        if (expr instanceof Expr.StringLiteral string) {
            return new Value.Text(string.value());
        }
        if (expr instanceof Expr.Paren paren) {
            return evaluate(paren.inner(), grid);
        }
        if (expr instanceof Expr.StepInvariant invariant) {
            return invariant(invariant, grid);
        }
        if (expr instanceof Expr.VectorSelector selector) {
            return select(selector, grid, Wanted.VALUES);
        }
        if (expr instanceof Expr.Unary unary) {
            return unary(unary, grid);
        }
        if (expr instanceof Expr.Binary binary) {
            return binary(binary, grid);
        }
        if (expr instanceof Expr.Aggregate aggregate) {
            return aggregate(aggregate, grid);
        }
        if (expr instanceof Expr.Call call) {
            return call(call, grid);
        }
        throw new AssertionError("a range vector is no value by itself: " + expr);
    }

    public Vector vector(Expr expr, Grid grid) throws QueryException {
        return (Vector) evaluate(expr, grid);
    }

    /**
     * A vector of whose histograms only counts and sums, or the buckets as well, are needed. With counts alone, range functions over long
     * histograms cost as much as over floats.
     */
    public Vector vector(Expr expr, Grid grid, boolean withoutBuckets) throws QueryException {
        boolean before = countsOnly;
        countsOnly = withoutBuckets;
        try {
            return vector(expr, grid);
        } finally {
            countsOnly = before;
        }
    }

    /** A vector with all rows computed. */
    public Rows rows(Expr expr, Grid grid) throws QueryException {
        return Rows.of(vector(expr, grid), query, grid.steps());
    }

    public double[] scalar(Expr expr, Grid grid) throws QueryException {
        return ((Value.Scalar) evaluate(expr, grid)).values();
    }

    public String text(Expr expr, Grid grid) throws QueryException {
        return ((Value.Text) evaluate(expr, grid)).value();
    }

    static Value.Scalar constant(double value, Grid grid) {
        double[] values = new double[grid.steps()];
        Arrays.fill(values, value);
        return new Value.Scalar(values);
    }

    /** The expression without parentheses around it. */
    public static Expr bare(Expr expr) {
        Expr bare = expr;
        while (true) {
            if (bare instanceof Expr.Paren paren) {
                bare = paren.inner();
            } else if (bare instanceof Expr.StepInvariant invariant) {
                bare = invariant.inner();
            } else {
                return bare;
            }
        }
    }

    private Value invariant(Expr.StepInvariant invariant, Grid grid) throws QueryException {
        Value once = evaluate(invariant.inner(), grid.first());
        if (grid.steps() == 1 || once instanceof Value.Text) {
            return once;
        }
        if (once instanceof Value.Scalar scalar) {
            return constant(scalar.values()[0], grid);
        }
        Rows rows = Rows.of((Vector) once, query, 1);
        query.budget().hold((long) rows.size() * grid.steps());
        Rows repeated = new Rows();
        for (int row = 0; row < rows.size(); row++) {
            double[] values = new double[grid.steps()];
            Arrays.fill(values, rows.values(row)[0]);
            FloatHistogram histogram = rows.row(row).histogram(0);
            FloatHistogram[] histograms = null;
            if (histogram != null) {
                histograms = new FloatHistogram[grid.steps()];
                Arrays.fill(histograms, histogram);
            }
            repeated.add(rows.labels(row), rows.dropsName(row), new Row(values, histograms));
        }
        return repeated;
    }

    /**
     * An instant selector.
     *
     * @param wanted what of the samples
     */
    public Vector select(Expr.VectorSelector selector, Grid grid, Wanted wanted) throws QueryException {
        long lookbackMs = query.settings().lookbackMs();
        RangeShape shape = shape(selector.shift(), lookbackMs, grid);
        if (selector.edges() == Expr.Edges.SMOOTHED && wanted == Wanted.VALUES) {
            RangeShape around = shape.extended(0, lookbackMs);
            SeriesSource source = new SelectedSource(
                    series(selector.matchers()), around, query.settings().startTimestamps(), isNamed(selector));
            return new SmoothedSelector(query, source, around, selector.span(), countsOnly);
        }
        return new InstantSelector(series(selector.matchers()), shape, wanted, countsOnly, isNamed(selector));
    }

    private static boolean isNamed(Expr.VectorSelector selector) {
        return !selector.metricName().isEmpty();
    }

    private SeriesSet series(List<Matcher> matchers) throws QueryException {
        SeriesSet known = selected.get(matchers);
        if (known != null) {
            return known;
        }
        try {
            SeriesSet series = query.querier().select(matchers);
            query.budget().holdBytes((long) series.size() * Long.BYTES);
            selected.put(matchers, series);
            return series;
        } catch (IOException e) {
            throw StorageFailure.of(e);
        }
    }

    private RangeShape shape(Expr.Shift shift, long rangeMs, Grid grid) throws QueryException {
        Times times = query.times();
        return new RangeShape(
                grid, rangeMs, shift.pin() != Expr.Pin.NONE, times.pinMs(shift), times.offsetMs(shift), 0, 0);
    }

    /** The windows of a range selector or subquery. */
    RangeShape shape(Expr matrix, Grid grid) throws QueryException {
        if (matrix instanceof Expr.MatrixSelector selector) {
            RangeShape shape = shape(selector.selector().shift(), query.times().positiveMillis(selector.range()), grid);
            long lookbackMs = query.settings().lookbackMs();
            return switch (selector.selector().edges()) {
                case PLAIN -> shape;
                case ANCHORED -> shape.extended(lookbackMs, 0);
                case SMOOTHED -> shape.extended(lookbackMs, lookbackMs);
            };
        }
        Expr.Subquery subquery = (Expr.Subquery) matrix;
        return shape(subquery.shift(), query.times().positiveMillis(subquery.range()), grid);
    }

    /** The samples under a range selector or subquery; stale markers are left out. */
    public SeriesSource source(Expr expr, Grid grid) throws QueryException {
        Expr matrix = bare(expr);
        return query.profile().reading(matrix, unmeasured(matrix, grid));
    }

    private SeriesSource unmeasured(Expr matrix, Grid grid) throws QueryException {
        RangeShape shape = shape(matrix, grid);
        if (matrix instanceof Expr.MatrixSelector range) {
            Expr.VectorSelector selector = range.selector();
            return new SelectedSource(
                    series(selector.matchers()), shape, query.settings().startTimestamps(), isNamed(selector));
        }
        Expr.Subquery subquery = (Expr.Subquery) matrix;
        Grid inner = innerGrid(subquery, shape);
        if (inner.steps() <= 0) {
            return new SubquerySource(new Rows(), inner);
        }
        boolean before = countsOnly;
        // Resets between the steps of a subquery can be seen in the buckets only.
        countsOnly = false;
        try {
            return new SubquerySource(rows(subquery.inner(), inner), inner);
        } finally {
            countsOnly = before;
        }
    }

    private Grid innerGrid(Expr.Subquery subquery, RangeShape shape) throws QueryException {
        long step = subquery.step() == null
                ? query.settings().subqueryStepMs()
                : query.times().positiveMillis(subquery.step());
        long left = shape.minTimeMs() - 1;
        // Steps are multiples of the step's length, whatever the query's start is; the left end is not included.
        long start = step * (Math.floorDiv(left, step) + 1);
        long steps = Math.floorDiv(shape.maxTimeMs() - start, step) + 1;
        // Even one row may be too much: refuse before making it.
        query.budget().hold(Math.max(0, steps));
        query.budget().release(Math.max(0, steps));
        if (steps > Integer.MAX_VALUE / 2) {
            throw new QueryException(
                    QueryException.Kind.EXECUTION,
                    "subquery has " + steps + " steps; use a shorter range or a longer step",
                    subquery.span().start(),
                    null);
        }
        return new Grid(start, step, (int) steps);
    }

    public static QueryException notYet(String what, Expr expr) {
        return new QueryException(
                QueryException.Kind.EXECUTION,
                what + " cannot be evaluated by this version",
                expr.span().start(),
                null);
    }

    private Value unary(Expr.Unary unary, Grid grid) throws QueryException {
        Value inner = evaluate(unary.inner(), grid);
        if (unary.operator() == TokenType.ADD) {
            return inner;
        }
        if (inner instanceof Value.Scalar scalar) {
            double[] negated = new double[grid.steps()];
            for (int step = 0; step < negated.length; step++) {
                negated[step] = -scalar.values()[step];
            }
            return new Value.Scalar(negated);
        }
        return MappedVector.withoutName((Vector) inner, NEGATION, query, grid.steps());
    }

    private Value binary(Expr.Binary binary, Grid grid) throws QueryException {
        boolean before = countsOnly;
        countsOnly = false;
        try {
            return binaryOf(binary, grid);
        } finally {
            countsOnly = before;
        }
    }

    private Value binaryOf(Expr.Binary binary, Grid grid) throws QueryException {
        TokenType operator = binary.operator();
        boolean leftScalar = binary.left().type() == ValueType.SCALAR;
        boolean rightScalar = binary.right().type() == ValueType.SCALAR;
        if (leftScalar && rightScalar) {
            return scalars(binary, scalar(binary.left(), grid), scalar(binary.right(), grid));
        }
        if (leftScalar || rightScalar) {
            double[] scalar = scalar(leftScalar ? binary.left() : binary.right(), grid);
            Vector vector = vector(leftScalar ? binary.right() : binary.left(), grid);
            RowOperation operation = new ScalarOperation(binary, scalar, leftScalar, query.notes());
            return Operators.makesNewMetric(binary)
                    ? MappedVector.withoutName(vector, operation, query, grid.steps())
                    : MappedVector.withName(vector, operation);
        }
        if (operator.isSetOperator()) {
            return SetOperator.evaluate(binary, rows(binary.left(), grid), rows(binary.right(), grid), grid.steps());
        }
        Vector left = vector(binary.left(), grid);
        Vector right = vector(binary.right(), grid);
        return VectorBinary.evaluate(binary, left, right, query, grid.steps());
    }

    /** An operator between two scalars; comparisons give 0 or 1. */
    public static double ofScalars(TokenType operator, double left, double right) {
        return Operators.element(operator, true, left, right, left);
    }

    private static Value.Scalar scalars(Expr.Binary binary, double[] left, double[] right) {
        double[] out = new double[left.length];
        for (int step = 0; step < out.length; step++) {
            out[step] = ofScalars(binary.operator(), left[step], right[step]);
        }
        return new Value.Scalar(out);
    }

    private Value aggregate(Expr.Aggregate aggregate, Grid grid) throws QueryException {
        int steps = grid.steps();
        switch (aggregate.operator()) {
            case COUNT_VALUES -> {
                String label = text(aggregate.parameter(), grid);
                return CountValues.evaluate(aggregate, label, rows(aggregate.inner(), grid), query, steps);
            }
            case QUANTILE -> {
                double[] parameter = scalar(aggregate.parameter(), grid);
                return QuantileAggregation.evaluate(aggregate, parameter, rows(aggregate.inner(), grid), query, steps);
            }
            case TOPK, BOTTOMK, LIMITK -> {
                double[] parameter = scalar(aggregate.parameter(), grid);
                return Ranking.evaluate(aggregate, parameter, rows(aggregate.inner(), grid), query, steps);
            }
            case LIMIT_RATIO -> {
                double[] parameter = scalar(aggregate.parameter(), grid);
                return RatioSample.evaluate(aggregate, parameter, rows(aggregate.inner(), grid), query);
            }
            default -> {
                return Aggregation.evaluate(aggregate, vector(aggregate.inner(), grid), query, steps);
            }
        }
    }

    private Value call(Expr.Call call, Grid grid) throws QueryException {
        Kernel kernel = kernels.get(call.function().name());
        requireEdges(call, kernel);
        if (kernel instanceof Kernel.General general) {
            return general.code().call(call, grid, this);
        }
        if (kernel instanceof Kernel.PerSample perSample) {
            Vector vector = vector(call.arguments().get(0), grid);
            return MappedVector.withoutName(vector, MappedVector.perSample(perSample.function()), query, grid.steps());
        }
        if (kernel instanceof Kernel.OverRange overRange) {
            return overRange(call, overRange, grid);
        }
        throw notYet("the function " + call.function().name(), call);
    }

    /** Only few functions know what to do with anchored and smoothed ranges. */
    private static void requireEdges(Expr.Call call, Kernel kernel) throws QueryException {
        for (Expr argument : call.arguments()) {
            if (!(bare(argument) instanceof Expr.MatrixSelector matrix)) {
                continue;
            }
            Expr.Edges edges = matrix.selector().edges();
            boolean able = edges == Expr.Edges.PLAIN
                    || (kernel instanceof Kernel.OverRange overRange && overRange.function(edges) != null);
            if (!able) {
                boolean anchored = edges == Expr.Edges.ANCHORED;
                throw new QueryException(
                        QueryException.Kind.EXECUTION,
                        (anchored
                                        ? "anchored modifier can only be used with: changes, delta, increase, rate, resets"
                                        : "smoothed modifier can only be used with: delta, increase, rate")
                                + " - not with " + call.function().name(),
                        call.span().start(),
                        null);
            }
        }
    }

    private Value overRange(Expr.Call call, Kernel.OverRange kernel, Grid grid) throws QueryException {
        double[][] parameters = new double[call.arguments().size()][];
        Expr range = null;
        for (int i = 0; i < parameters.length; i++) {
            Expr argument = call.arguments().get(i);
            if (argument.type() == ValueType.MATRIX) {
                range = argument;
            } else {
                parameters[i] = scalar(argument, grid);
            }
        }
        return overRange(range, kernel, parameters, grid);
    }

    /** Applies a range function to the range expression. */
    public Vector overRange(Expr range, Kernel.OverRange kernel, double[][] parameters, Grid grid)
            throws QueryException {
        SeriesSource source = source(range, grid);
        CounterCheck check = kernel.wantsCounter() ? new CounterCheck(query.notes(), range.span()) : null;
        Expr.Edges edges = bare(range) instanceof Expr.MatrixSelector matrix
                ? matrix.selector().edges()
                : Expr.Edges.PLAIN;
        RangeVector vector = new RangeVector(
                query,
                source,
                shape(bare(range), grid),
                kernel.at(edges),
                parameters,
                check,
                edges,
                range.span(),
                countsOnly && !(bare(range) instanceof Expr.Subquery));
        boolean settled = kernel.keepsName() || query.settings().delayedNameRemoval();
        return settled ? vector : Names.settled(vector, query, grid.steps());
    }
}
