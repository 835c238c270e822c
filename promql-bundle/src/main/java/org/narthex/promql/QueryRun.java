package org.narthex.promql;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

import org.narthex.api.model.Matcher;
import org.narthex.api.query.PlanNode;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryStatistics;
import org.narthex.api.query.QueryValue;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SeriesSet;
import org.narthex.promql.eval.Answer;
import org.narthex.promql.eval.Budget;
import org.narthex.promql.eval.EvalPool;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.LimitReached;
import org.narthex.promql.eval.MemoryPool;
import org.narthex.promql.eval.Notes;
import org.narthex.promql.eval.Profile;
import org.narthex.promql.eval.Query;
import org.narthex.promql.eval.Settings;
import org.narthex.promql.eval.Times;
import org.narthex.promql.function.Functions;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Language;
import org.narthex.promql.parser.ParseException;
import org.narthex.promql.parser.Parser;
import org.narthex.promql.parser.Quoting;
import org.narthex.promql.parser.ValueType;
import org.narthex.promql.plan.ConstantFolding;
import org.narthex.promql.plan.PlanTree;
import org.narthex.promql.plan.Repeated;
import org.narthex.promql.plan.StepInvariants;
import org.narthex.promql.plan.TimeRange;

/** One query from text to result. */
final class QueryRun {
    /** Opens a view of the storage, both ends inclusive. */
    @FunctionalInterface
    interface QuerierSource {
        Querier open(long minTimeMs, long maxTimeMs) throws QueryException;
    }

    private final QueryRequest request;
    private final Limits limits;
    private final Functions functions;
    private final long subqueryStepMs;
    private final EvalPool pool;
    private final MemoryPool memory;

    QueryRun(
            QueryRequest request,
            Limits limits,
            Functions functions,
            long subqueryStepMs,
            EvalPool pool,
            MemoryPool memory) {
        this.request = request;
        this.limits = limits;
        this.functions = functions;
        this.subqueryStepMs = subqueryStepMs;
        this.pool = pool;
        this.memory = memory;
    }

    /** @throws QueryException of kind {@code BAD_DATA}, with the position */
    static Expr parse(String expression, Language language) throws QueryException {
        try {
            return Parser.parse(expression, language);
        } catch (ParseException e) {
            throw badData(e);
        }
    }

    static QueryException badData(ParseException e) {
        return new QueryException(
                QueryException.Kind.BAD_DATA, e.getMessage(), e.span().start(), e);
    }

    /** The expression as it is evaluated. */
    private Expr planned() throws QueryException {
        Expr expr = parse(request.expression(), new FeatureLanguage(limits, functions));
        if (!request.isInstant() && expr.type() != ValueType.SCALAR && expr.type() != ValueType.VECTOR) {
            throw new QueryException(
                    QueryException.Kind.BAD_DATA,
                    "invalid expression type " + Quoting.quote(expr.type().documented())
                            + " for range query, must be Scalar or instant Vector");
        }
        return StepInvariants.mark(ConstantFolding.fold(expr));
    }

    /** How it would be evaluated. */
    PlanNode explain() throws QueryException {
        return DeepStack.call(request.expression(), () -> PlanTree.of(planned(), Profile.NONE));
    }

    /** @param active learns what the query uses */
    QueryResult run(QuerierSource storage, ActiveQuery active, long queueNanos, long deadlineNanos)
            throws QueryException {
        long began = System.nanoTime();
        Budget.Most most = new Budget.Most(limits.maxSamples(), limits.maxBytes());
        try (Budget budget = new Budget(most, memory, deadlineNanos, request.canceled())) {
            active.uses(budget);
            return DeepStack.call(request.expression(), () -> evaluate(planned(), storage, budget, queueNanos, began));
        } catch (LimitReached e) {
            throw e.toQueryException(request.expression());
        } catch (PackFunction.Failure e) {
            throw new QueryException(QueryException.Kind.EXECUTION, e.getMessage(), e);
        }
    }

    private QueryResult evaluate(Expr expr, QuerierSource storage, Budget budget, long queueNanos, long began)
            throws QueryException {
        Times times = new Times(request.startMs(), request.endMs(), request.stepMs());
        long lookbackMs = request.lookbackMs() > 0 ? request.lookbackMs() : limits.lookbackMs();
        TimeRange range = TimeRange.of(expr, times, lookbackMs);
        Notes notes = new Notes(request.expression());
        Settings settings = new Settings(
                lookbackMs,
                limits.has("promql-delayed-name-removal"),
                subqueryStepMs,
                limits.has("use-start-timestamps"));
        Grid grid = grid();
        if (request.detail() == QueryRequest.Detail.STEPS) {
            budget.countSteps(grid);
        }
        boolean measured = request.detail() == QueryRequest.Detail.PLAN;
        Profile profile = measured ? Profile.measuring() : Profile.NONE;
        try (Querier querier = range.isEmpty() ? new NoSeries() : storage.open(range.minMs(), range.maxMs())) {
            Query query = new Query(times, settings, querier, budget, notes, pool, profile);
            IdentityHashMap<Expr, String> repeated =
                    Repeated.in(expr, request.expression().length());
            long prepared = System.nanoTime();
            Evaluator evaluator = new Evaluator(query, functions.kernels(), repeated);
            QueryValue value = Answer.of(expr, evaluator, grid, request.isInstant());
            QueryStatistics statistics = new QueryStatistics(
                    queueNanos,
                    prepared - began,
                    System.nanoTime() - prepared,
                    budget.lookedSamples(),
                    budget.peakSamples(),
                    budget.peakBytes(),
                    budget.lookedPerStep());
            Optional<PlanNode> plan = measured ? Optional.of(PlanTree.of(expr, profile)) : Optional.empty();
            return new QueryResult(value, notes.warnings(), notes.infos(), statistics, plan);
        }
    }

    private Grid grid() throws QueryException {
        if (request.isInstant()) {
            return new Grid(request.startMs(), 1, 1);
        }
        long steps = (request.endMs() - request.startMs()) / request.stepMs() + 1;
        if (steps > limits.maxSamples() || steps > Integer.MAX_VALUE / 2) {
            throw new QueryException(
                    QueryException.Kind.EXECUTION,
                    "query processing would load too many samples into memory in query execution");
        }
        return new Grid(request.startMs(), request.stepMs(), (int) steps);
    }

    /** What an expression without selectors looks at. */
    private static final class NoSeries implements Querier {
        @Override
        public SeriesSet select(List<Matcher> matchers) throws IOException {
            throw new IOException("nothing to select from");
        }

        @Override
        public List<String> labelNames(List<Matcher> matchers, int limit) {
            return List.of();
        }

        @Override
        public List<String> labelValues(String name, List<Matcher> matchers, int limit) {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
