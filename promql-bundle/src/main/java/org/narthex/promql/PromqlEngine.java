package org.narthex.promql;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.narthex.api.config.ConfigSource;
import org.narthex.api.config.Flags;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.FunctionPack;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryTree;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.Storage;
import org.narthex.promql.eval.EvalPool;
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

/** PromQL over whichever storage is in use. */
@Component(
        service = {QueryEngine.class, Exporter.class},
        property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class PromqlEngine implements QueryEngine, Exporter {
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

    @Activate
    public PromqlEngine(BundleContext context) {
        this(Limits.of(new Flags(context::getProperty)), STORAGE_WAIT_MS);
    }

    PromqlEngine(Limits limits, long storageWaitMs) {
        this.limits = limits;
        this.storageWaitMs = storageWaitMs;
        this.gate = new QueryGate(limits.maxConcurrency());
        this.pool = new EvalPool(Runtime.getRuntime().availableProcessors() - 1);
    }

    @Deactivate
    void deactivate() {
        pool.close();
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

    @Override
    public QueryResult query(QueryRequest request) throws QueryException {
        long began = System.nanoTime();
        long timeoutMs =
                request.timeoutMs() > 0 ? Math.min(request.timeoutMs(), limits.timeoutMs()) : limits.timeoutMs();
        long deadlineNanos = began + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        gate.enter(deadlineNanos, request.canceled());
        try {
            QueryRun run = new QueryRun(request, limits, packs.functions(), subqueryStepMs(), pool);
            QueryResult result = run.run(this::querier, System.nanoTime() - began, deadlineNanos);
            metrics.add(result.statistics());
            return result;
        } finally {
            gate.leave();
        }
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
        try {
            return view.apply(QueryRun.parse(expression, language()));
        } catch (StackOverflowError e) {
            throw QueryRun.tooDeep(e);
        }
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
        metrics.collect(sink, gate, packs);
    }
}
