package org.narthex.alert.rules;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.narthex.alert.RaisedAlert;
import org.narthex.alert.dispatch.AlertDispatch;
import org.narthex.alert.external.ExternalSending;
import org.narthex.api.alert.RuleStates;
import org.narthex.api.alert.RuleTimeMachine;
import org.narthex.api.config.ConfigConsumer;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.Flags;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.PromDuration;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.Storage;
import org.narthex.api.trace.Tracer;
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

/** Keeps the rule groups of the configuration running. Its lock guards the set of groups. */
@Component(
        service = {ConfigConsumer.class, RuleStates.class, RuleTimeMachine.class, Exporter.class},
        property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class RuleEvaluation implements ConfigConsumer, RuleStates, RuleTimeMachine, Exporter {
    /** Framework property: the most memory for samples that wait for a storage, in bytes. */
    static final String QUEUE_BYTES = "narthex.rules.queue.bytes";

    /** Framework property: how far back missed evaluations of recording rules are made up for after a start, e.g. {@code 1h}. */
    static final String CATCH_UP = "narthex.rules.catch-up";

    private static final long DEFAULT_CATCH_UP_MS = 3_600_000;
    private static final long DEFAULT_QUEUE_BYTES = 16 << 20;
    private static final long STOP_SECONDS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(RuleEvaluation.class);

    @Reference(
            name = "engine",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile QueryEngine engine;

    @Reference(
            name = "storage",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Storage storage;

    @Reference(
            name = "tracer",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Tracer tracer;

    private final RuleGroupEvaluation.Surroundings surroundings;
    private final InstantSource clock;
    private final HandOverQueue queue;
    private final Optional<RuleWorkers> workers;
    private final Map<String, GroupLoop> loops = new LinkedHashMap<>();
    private volatile Labels externalLabels = Labels.EMPTY;
    private ScheduledExecutorService executor;
    /** Only the groups of the first configuration can have been active before. */
    private boolean first = true;

    @Activate
    public RuleEvaluation(
            BundleContext context,
            @Reference(name = "dispatch") AlertDispatch dispatch,
            @Reference(name = "external") ExternalSending external) {
        this(
                RuleSettings.of(new Flags(context::getProperty), catchUpMs(context.getProperty(CATCH_UP))),
                queueBytes(context.getProperty(QUEUE_BYTES)),
                toAll(dispatch, external),
                InstantSource.system());
    }

    RuleEvaluation(
            RuleSettings settings, long queueBytes, Consumer<List<RaisedAlert>> dispatcher, InstantSource clock) {
        this.clock = clock;
        this.workers = settings.concurrentRules() == 0
                ? Optional.empty()
                : Optional.of(new RuleWorkers(settings.concurrentRules()));
        this.queue = new HandOverQueue(() -> Optional.ofNullable(storage), queueBytes);
        this.surroundings = new RuleGroupEvaluation.Surroundings(
                () -> Optional.ofNullable(engine),
                () -> Optional.ofNullable(storage),
                queue,
                dispatcher,
                settings,
                () -> Optional.ofNullable(tracer),
                workers);
    }

    /** To the Alertmanager in the box and to those elsewhere: {@code alert_relabel_configs} are for both. */
    static Consumer<List<RaisedAlert>> toAll(AlertDispatch dispatch, ExternalSending external) {
        return alerts -> {
            List<RaisedAlert> told = external.relabelled(alerts);
            dispatch.accept(told);
            external.accept(told);
        };
    }

    private static long catchUpMs(String property) {
        return property == null ? DEFAULT_CATCH_UP_MS : PromDuration.parse(property);
    }

    private static long queueBytes(String property) {
        return property == null ? DEFAULT_QUEUE_BYTES : Long.parseLong(property);
    }

    /** What the framework does otherwise. */
    void bind(QueryEngine newEngine, Storage newStorage) {
        engine = newEngine;
        storage = newStorage;
    }

    @Override
    public void check(Configuration candidate) throws ConfigException {
        RuleCheck check = new RuleCheck(Optional.ofNullable(engine));
        for (RuleGroup group : candidate.ruleGroups()) {
            check.check(group);
        }
    }

    @Override
    public synchronized void apply(Configuration configuration) {
        Labels external = configuration.global().externalLabels();
        externalLabels = external;
        Map<String, GroupLoop> earlier = new LinkedHashMap<>(loops);
        loops.clear();
        for (RuleGroup group : configuration.ruleGroups()) {
            GroupLoop before = earlier.remove(key(group));
            if (before != null && before.group().config().equals(group)) {
                before.group().externalLabels(external);
                loops.put(key(group), before);
            } else {
                RuleGroupEvaluation now = new RuleGroupEvaluation(group, surroundings, external, first);
                GroupLoop loop = new GroupLoop(now, executor(), clock);
                loops.put(key(group), loop);
                if (before == null) {
                    loop.start();
                } else {
                    before.stop();
                    loop.startAfter(before);
                }
            }
        }
        earlier.values().forEach(this::end);
        first = false;
    }

    private void end(GroupLoop gone) {
        gone.stop();
        long nowMs = clock.millis();
        // So long a renamed group has time to go on with the series.
        long delayMs = 2 * gone.group().config().intervalMs();
        Future<?> unused = executor().schedule(() -> gone.group().endAll(nowMs), delayMs, TimeUnit.MILLISECONDS);
    }

    private static String key(RuleGroup group) {
        return group.file() + ";" + group.name();
    }

    private ScheduledExecutorService executor() {
        if (executor == null) {
            AtomicInteger count = new AtomicInteger();
            int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
            ScheduledThreadPoolExecutor created = new ScheduledThreadPoolExecutor(threads, task -> {
                Thread thread = new Thread(task, "narthex-alert-rules-" + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
            created.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            executor = created;
        }
        return executor;
    }

    /** Waits at most two seconds for evaluations under way. */
    @Deactivate
    void stop() {
        ScheduledExecutorService stopping;
        synchronized (this) {
            loops.values().forEach(GroupLoop::stop);
            stopping = executor;
        }
        if (stopping == null) {
            return;
        }
        stopping.shutdown();
        try {
            if (!stopping.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                stopping.shutdownNow();
                LOG.warn("Rule evaluations were interrupted: they did not end within {} s", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.ifPresent(RuleWorkers::stop);
        queue.drain();
    }

    private synchronized List<RuleGroupEvaluation> evaluations() {
        return loops.values().stream().map(GroupLoop::group).toList();
    }

    @Override
    public List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        evaluations().forEach(group -> groups.add(group.state()));
        groups.sort(Comparator.comparing(Group::file).thenComparing(Group::name));
        return groups;
    }

    @Override
    public List<Episode> preview(RuleGroup.Rule rule, long fromMs, long toMs, long stepMs) throws QueryException {
        QueryEngine known = engine;
        if (known == null) {
            throw new QueryException(QueryException.Kind.UNAVAILABLE, "there is no query engine at present");
        }
        String externalUrl = surroundings.settings().externalUrl().get();
        return TimeMachine.preview(new EvaluationScope(known, externalLabels, externalUrl), rule, fromMs, toMs, stepMs);
    }

    @Override
    public Filled backfill(String file, String group, String rule, long fromMs, long toMs) {
        for (RuleGroupEvaluation each : evaluations()) {
            if (each.config().name().equals(group) && each.config().file().equals(file)) {
                RuleGroup wanted = TimeMachine.recording(each.config(), rule);
                if (wanted.rules().isEmpty()) {
                    throw new NoSuchElementException("there is no such recording rule in group " + group);
                }
                return TimeMachine.backfill(wanted, surroundings, externalLabels, fromMs, toMs);
            }
        }
        throw new NoSuchElementException("there is no group " + group + " in " + file);
    }

    @Override
    public void collect(MetricSink sink) {
        List<RuleGroupEvaluation> all = evaluations();
        for (RuleGroupCounters.Metric metric : RuleGroupCounters.Metric.values()) {
            if (!all.isEmpty()) {
                metric.family(sink);
            }
            all.forEach(group -> metric.sample(sink, group.counters(), key(group.config())));
        }
        if (!all.isEmpty()) {
            sink.family("prometheus_rule_group_interval_seconds", MetricType.GAUGE, "The interval of a rule group.");
            all.forEach(group -> sink.sample(
                    "prometheus_rule_group_interval_seconds",
                    group.config().intervalMs() / 1000.0,
                    "rule_group",
                    key(group.config())));
            sink.family("prometheus_rule_group_rules", MetricType.GAUGE, "The number of rules.");
            all.forEach(group -> sink.sample(
                    "prometheus_rule_group_rules", group.config().rules().size(), "rule_group", key(group.config())));
        }
        summary(
                sink,
                "prometheus_rule_evaluation_duration_seconds",
                "The duration for a rule to execute.",
                all.stream()
                        .mapToDouble(group -> group.counters().ruleSeconds())
                        .sum(),
                all.stream().mapToLong(group -> group.counters().evaluations()).sum());
        summary(
                sink,
                "prometheus_rule_group_duration_seconds",
                "The duration of rule group evaluations.",
                all.stream()
                        .mapToDouble(group -> group.counters().groupSeconds())
                        .sum(),
                all.stream()
                        .mapToLong(group -> group.counters().iterationsRun())
                        .sum());
        queue.collect(sink, "rules");
    }

    private static void summary(MetricSink sink, String name, String help, double sum, long count) {
        sink.family(name, MetricType.SUMMARY, help);
        sink.sample(name + "_sum", sum);
        sink.sample(name + "_count", (double) count);
    }
}
