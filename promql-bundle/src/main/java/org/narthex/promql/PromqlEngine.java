package org.narthex.promql;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.narthex.api.config.ConfigSource;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.FunctionPack;
import org.narthex.api.query.PlanNode;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryStatistics;
import org.narthex.api.query.QueryTree;
import org.narthex.api.query.RunningQuery;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.Storage;
import org.narthex.api.trace.Span;
import org.narthex.api.trace.Tracer;
import org.narthex.promql.eval.EvalPool;
import org.narthex.promql.eval.MemoryPool;
import org.narthex.promql.eval.StorageFailure;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.ParseException;
import org.narthex.promql.parser.Parser;
import org.narthex.promql.parser.Prettifier;
import org.narthex.promql.parser.Printer;
import org.narthex.promql.plan.Selectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PromQL over whichever storage is in use. */
@Component(
        service = {QueryEngine.class, Exporter.class},
        property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class PromqlEngine implements QueryEngine, Exporter {
    private static final Logger LOG = LoggerFactory.getLogger(PromqlEngine.class);
    private static final QueryStatistics NO_COST = new QueryStatistics(0, 0, 0, 0, 0);

    /** How long a query waits for a storage while one is being replaced. */
    private static final long STORAGE_WAIT_MS = 2_000;

    private static final long DEFAULT_SUBQUERY_STEP_MS = 60_000;

    /** The longest text of a formatted expression, in characters. */
    private static final int MAX_FORMATTED = 4 << 20;

    private final Limits limits;
    private final QueryGate gate;
    private final EvalPool pool;
    private final EngineMetrics metrics = new EngineMetrics();
    private final FunctionPacks packs = new FunctionPacks();
    private final ActiveQueries active = new ActiveQueries(InstantSource.system());
    private final Optional<ActiveQueryLog> activeLog;
    private final QueryLog queryLog = new QueryLog();
    private final MemoryPool memory;
    /** As of the last query. */
    private volatile boolean loggingQueries;

    private final Object storageMonitor = new Object();
    private final long storageWaitMs;
    /** Guarded by its monitor. */
    private Storage storage;

    @Reference(
            name = "config",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile ConfigSource config;

    @Reference(
            name = "tracer",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Tracer tracer;

    @Activate
    public PromqlEngine(BundleContext context) {
        this(new Flags(context::getProperty));
    }

    private PromqlEngine(Flags flags) {
        this(Limits.of(flags), STORAGE_WAIT_MS, activeLog(flags));
    }

    /** An engine that keeps no file of active queries. */
    PromqlEngine(Limits limits, long storageWaitMs) {
        this(limits, storageWaitMs, Optional.empty());
    }

    PromqlEngine(Limits limits, long storageWaitMs, Optional<ActiveQueryLog> activeLog) {
        this.limits = limits;
        this.storageWaitMs = storageWaitMs;
        this.activeLog = activeLog;
        this.memory = new MemoryPool(limits.maxTotalBytes());
        this.gate = new QueryGate(limits.maxConcurrency());
        this.pool = new EvalPool(Runtime.getRuntime().availableProcessors() - 1);
    }

    private static Optional<ActiveQueryLog> activeLog(Flags flags) {
        Path folder = Path.of(flags.text(Flag.STORAGE_PATH));
        try {
            return Optional.of(ActiveQueryLog.open(folder, Limits.of(flags).maxConcurrency()));
        } catch (IOException e) {
            LOG.warn("active queries are not kept in {}: {}", folder, e.toString());
            return Optional.empty();
        }
    }

    @Deactivate
    void deactivate() {
        pool.close();
        if (activeLog.isPresent()) {
            try {
                activeLog.get().close();
            } catch (IOException e) {
                LOG.debug("queries.active was not closed", e);
            }
        }
    }

    @Reference(
            name = "storage",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindStorage(Storage newStorage) {
        synchronized (storageMonitor) {
            storage = newStorage;
            storageMonitor.notifyAll();
        }
    }

    void unbindStorage(Storage oldStorage) {
        synchronized (storageMonitor) {
            if (storage == oldStorage) {
                storage = null;
            }
        }
    }

    @Reference(
            name = "packs",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addPack(FunctionPack pack) {
        packs.add(pack);
    }

    void removePack(FunctionPack pack) {
        packs.remove(pack);
    }

    /** What the framework does otherwise. */
    void bind(Tracer newTracer) {
        tracer = newTracer;
    }

    @Override
    public QueryResult query(QueryRequest request) throws QueryException {
        Tracer current = tracer;
        if (current == null) {
            return evaluated(request);
        }
        try (Span span = current.begin("promqlExec", Span.Kind.INTERNAL)) {
            span.set("query", request.expression());
            try (Span.Scope unused = span.enter()) {
                return evaluated(request);
            } catch (QueryException e) {
                span.fail(e.getMessage());
                throw e;
            }
        }
    }

    private QueryResult evaluated(QueryRequest request) throws QueryException {
        long began = System.nanoTime();
        ActiveQuery query = active.add(request);
        QueryStatistics statistics = NO_COST;
        String error = null;
        try {
            QueryResult result = turn(query, began);
            statistics = result.statistics();
            metrics.add(statistics);
            return result;
        } catch (QueryException e) {
            error = e.getMessage();
            throw e;
        } finally {
            active.remove(query);
            log(request, statistics, error);
        }
    }

    /** Waits for the query's turn, then evaluates it. */
    private QueryResult turn(ActiveQuery query, long began) throws QueryException {
        QueryRequest request = query.request();
        long timeoutMs =
                request.timeoutMs() > 0 ? Math.min(request.timeoutMs(), limits.timeoutMs()) : limits.timeoutMs();
        long deadlineNanos = began + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        gate.enter(deadlineNanos, request.canceled());
        int place = activeLog
                .map(log -> log.add(request.expression(), query.beganMs()))
                .orElse(-1);
        try {
            return run(request).run(this::querier, query, System.nanoTime() - began, deadlineNanos);
        } finally {
            activeLog.ifPresent(log -> log.remove(place));
            gate.leave();
        }
    }

    private QueryRun run(QueryRequest request) {
        return new QueryRun(request, limits, packs.functions(), subqueryStepMs(), pool, memory);
    }

    private void log(QueryRequest request, QueryStatistics statistics, String error) {
        ConfigSource source = config;
        String file = source == null ? "" : source.current().global().queryLogFile();
        loggingQueries = !file.isEmpty();
        if (loggingQueries) {
            queryLog.write(Path.of(file), request, statistics, error, System.currentTimeMillis());
        }
    }

    @Override
    public PlanNode explain(QueryRequest request) throws QueryException {
        return run(request).explain();
    }

    @Override
    public List<RunningQuery> running() {
        return active.running();
    }

    @Override
    public boolean cancel(long id) {
        return active.cancel(id);
    }

    private long subqueryStepMs() {
        ConfigSource source = config;
        return source == null
                ? DEFAULT_SUBQUERY_STEP_MS
                : source.current().global().evaluationIntervalMs();
    }

    private Querier querier(long minTimeMs, long maxTimeMs) throws QueryException {
        try {
            return storage().querier(minTimeMs, maxTimeMs);
        } catch (IOException e) {
            throw StorageFailure.of(e);
        }
    }

    private Storage storage() throws QueryException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(storageWaitMs);
        synchronized (storageMonitor) {
            while (storage == null) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new QueryException(QueryException.Kind.UNAVAILABLE, "there is no storage at present");
                }
                try {
                    storageMonitor.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new QueryException(
                            QueryException.Kind.CANCELED, "query was canceled while waiting for a storage", e);
                }
            }
            return storage;
        }
    }

    private FeatureLanguage language() {
        return new FeatureLanguage(limits, packs.functions());
    }

    @Override
    public String check(String expression) throws QueryException {
        return parsed(expression, Printer::print);
    }

    @Override
    public String format(String expression) throws QueryException {
        try {
            return parsed(expression, expr -> Prettifier.format(expr, Prettifier.LINE_LENGTH, MAX_FORMATTED));
        } catch (IllegalArgumentException e) {
            throw new QueryException(QueryException.Kind.BAD_DATA, e.getMessage(), e);
        }
    }

    @Override
    public QueryTree parse(String expression) throws QueryException {
        return parsed(expression, TreeOf::expr);
    }

    @Override
    public List<List<Matcher>> selectors(String expression) throws QueryException {
        return parsed(expression, Selectors::of);
    }

    private <T> T parsed(String expression, Function<Expr, T> view) throws QueryException {
        return DeepStack.call(expression, () -> view.apply(QueryRun.parse(expression, language())));
    }

    @Override
    public List<Matcher> parseSelector(String selector) throws QueryException {
        try {
            return Parser.parseSelector(selector, language()).matchers();
        } catch (ParseException e) {
            throw QueryRun.badData(e);
        }
    }

    @Override
    public void collect(MetricSink sink) {
        metrics.collect(sink, gate, packs, memory, loggingQueries, queryLog.failures());
    }
}
