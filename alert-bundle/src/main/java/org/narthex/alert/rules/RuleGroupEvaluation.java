package org.narthex.alert.rules;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.RuleStates;
import org.narthex.api.alert.RuleTimeMachine;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.api.trace.Span;
import org.narthex.api.trace.Tracer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A group at work: evaluates its rules in order, writes what they give, raises their alerts. Evaluated by one thread at a time. */
final class RuleGroupEvaluation {
    private static final Logger LOG = LoggerFactory.getLogger(RuleGroupEvaluation.class);

    /**
     * What evaluations need from outside; engine and storage may be away, and the tracer is while no traces are wanted.
     *
     * @param workers help with rules that may be evaluated at once, if that is wanted
     */
    record Surroundings(
            Supplier<Optional<QueryEngine>> engine,
            Supplier<Optional<Storage>> storage,
            HandOverQueue queue,
            Consumer<List<RaisedAlert>> dispatcher,
            RuleSettings settings,
            Supplier<Optional<Tracer>> tracer,
            Optional<RuleWorkers> workers) {
        /** Without traces, each rule after the one before it. */
        Surroundings(
                Supplier<Optional<QueryEngine>> engine,
                Supplier<Optional<Storage>> storage,
                HandOverQueue queue,
                Consumer<List<RaisedAlert>> dispatcher,
                RuleSettings settings) {
            this(engine, storage, queue, dispatcher, settings, Optional::empty, Optional.empty());
        }
    }

    private final RuleGroup config;
    private final Surroundings surroundings;
    private final List<ActiveRule> rules = new ArrayList<>();
    private final RuleGroupCounters counters;
    /** For rules that are evaluated by the group's own thread. */
    private final SampleBatch batch = new SampleBatch();
    /** Rules of one step may be evaluated at once. */
    private List<List<ActiveRule>> steps;

    private boolean stepsKnown;
    private volatile Labels externalLabels;
    /** Series of rules that a reload took away; they get a staleness marker at the next evaluation. */
    private final Set<Labels> abandoned = new HashSet<>();

    private int evaluationsBeforeRestore;
    /** Whether evaluations before the first one may have been missed. */
    private boolean catchesUp;

    private boolean restoreFailed;

    /** @param restore whether alerts may have been active before a restart */
    RuleGroupEvaluation(RuleGroup config, Surroundings surroundings, Labels externalLabels, boolean restore) {
        this.config = config;
        this.surroundings = surroundings;
        this.externalLabels = externalLabels;
        // The first evaluation may come before enough is scraped or recorded to tell what is active.
        this.evaluationsBeforeRestore = restore ? 2 : 0;
        this.catchesUp = restore && surroundings.settings().catchUpMs() > 0;
        this.counters = new RuleGroupCounters();
        config.rules().forEach(rule -> rules.add(ActiveRule.of(config, rule, restore)));
        this.steps = RuleSteps.oneByOne(rules);
    }

    RuleGroup config() {
        return config;
    }

    RuleGroupCounters counters() {
        return counters;
    }

    void externalLabels(Labels labels) {
        externalLabels = labels;
    }

    /** Takes over what an earlier version of the group knew, rule by rule of equal name and labels. */
    void copyStateOf(RuleGroupEvaluation earlier) {
        Map<String, Deque<ActiveRule>> known = new HashMap<>();
        earlier.rules.forEach(rule ->
                known.computeIfAbsent(key(rule), key -> new ArrayDeque<>()).add(rule));
        for (ActiveRule rule : rules) {
            ActiveRule match = known.getOrDefault(key(rule), new ArrayDeque<>()).poll();
            if (match != null) {
                rule.copyStateOf(match);
            }
        }
        known.values().forEach(left -> left.forEach(rule -> abandoned.addAll(rule.series())));
        abandoned.addAll(earlier.abandoned);
        evaluationsBeforeRestore = earlier.evaluationsBeforeRestore;
        counters.startFrom(earlier.counters);
    }

    private static String key(ActiveRule rule) {
        return rule.config().name() + rule.config().labels();
    }

    /** Evaluates all rules as of the time, in milliseconds since the epoch. */
    void evaluate(long timeMs) {
        catchUp(timeMs);
        long start = System.nanoTime();
        int samples = 0;
        for (List<ActiveRule> step : steps()) {
            samples += step.size() == 1 ? traced(step.get(0), timeMs, batch) : evaluateAtOnce(step, timeMs);
        }
        endAbandoned(timeMs);
        boolean known = surroundings.engine().get().isPresent();
        if (known && evaluationsBeforeRestore > 0 && --evaluationsBeforeRestore == 0) {
            restore(timeMs);
        }
        counters.evaluated(timeMs, seconds(start), samples);
    }

    private List<List<ActiveRule>> steps() {
        Optional<QueryEngine> engine = surroundings.engine().get();
        if (!stepsKnown && surroundings.workers().isPresent() && engine.isPresent()) {
            steps = RuleSteps.of(rules, engine.get());
            stepsKnown = true;
        }
        return steps;
    }

    private int evaluateAtOnce(List<ActiveRule> step, long timeMs) {
        AtomicInteger samples = new AtomicInteger();
        List<Runnable> tasks = new ArrayList<>();
        for (ActiveRule rule : step) {
            tasks.add(() -> samples.addAndGet(traced(rule, timeMs, new SampleBatch())));
        }
        surroundings.workers().orElseThrow().runAll(tasks);
        return samples.get();
    }

    /** Makes up for evaluations of recording rules that were missed before the first one. */
    private void catchUp(long timeMs) {
        Optional<Storage> storage = surroundings.storage().get();
        if (!catchesUp || storage.isEmpty() || surroundings.engine().get().isEmpty()) {
            return;
        }
        RuleGroup recording = TimeMachine.recording(config, "");
        try {
            long fromMs = timeMs - surroundings.settings().catchUpMs();
            long lastMs = CatchUp.lastEvaluationMs(recording, storage.get(), fromMs, timeMs);
            catchesUp = false;
            if (lastMs + config.intervalMs() < timeMs) {
                RuleTimeMachine.Filled filled =
                        TimeMachine.backfill(recording, surroundings, externalLabels, lastMs + 1, timeMs - 1);
                LOG.info(
                        "Group {} of {} was evaluated {} times for the time it was away",
                        config.name(),
                        config.file(),
                        filled.evaluations());
            }
        } catch (IOException | RuntimeException e) {
            // The storage may not be ready; the next evaluation tries again.
            LOG.debug("Group {} cannot catch up yet", config.name(), e);
        }
    }

    private int traced(ActiveRule rule, long timeMs, SampleBatch into) {
        Optional<Tracer> tracer = surroundings.tracer().get();
        if (tracer.isEmpty()) {
            return evaluate(rule, timeMs, into);
        }
        Span span = tracer.get().begin("rule", Span.Kind.INTERNAL);
        span.set("name", rule.config().name()).set("group", config.name()).set("file", config.file());
        try (span;
                Span.Scope unused = span.enter()) {
            int samples = evaluate(rule, timeMs, into);
            if (rule.health() == RuleStates.Health.ERR) {
                span.fail("the rule fails");
            }
            return samples;
        }
    }

    private int evaluate(ActiveRule rule, long timeMs, SampleBatch into) {
        long start = System.nanoTime();
        Optional<QueryEngine> engine = surroundings.engine().get();
        boolean wasBad = rule.health() == RuleStates.Health.ERR;
        String error = "";
        int samples = 0;
        boolean unavailable = engine.isEmpty();
        if (unavailable) {
            error = "query engine: not there at present";
        } else {
            try {
                rule.canonicalBy(engine.get());
                into.clear();
                rule.evaluate(
                        new EvaluationScope(
                                engine.get(),
                                externalLabels,
                                surroundings.settings().externalUrl().get()),
                        timeMs,
                        into);
                samples = into.size();
                error = append(rule, into, timeMs - config.queryOffsetMs());
            } catch (QueryException e) {
                error = e.getMessage();
                unavailable = e.kind() == QueryException.Kind.UNAVAILABLE;
            } catch (RuleException e) {
                error = e.getMessage();
            } catch (RuntimeException | LinkageError e) {
                // The engine may just be going away, or have a fault; other rules go on.
                error = e.toString();
            }
        }
        counters.evaluatedRule(seconds(start), !error.isEmpty());
        if (error.isEmpty()) {
            rule.succeeded(timeMs, seconds(start));
        } else {
            rule.failed(error, timeMs, seconds(start));
            if (!wasBad) {
                LOG.warn(
                        "Rule {} of group {} in {} fails: {}",
                        rule.config().name(),
                        config.name(),
                        config.file(),
                        error);
            }
        }
        // While engine or storage are away nothing is known: what fires is raised again rather than left to resolve by
        // itself.
        if (rule instanceof AlertingRule alerting && (error.isEmpty() || unavailable)) {
            raise(alerting, timeMs);
        }
        return samples;
    }

    /** Writes the batch with markers for series that ended; returns what went wrong, or nothing. */
    private String append(ActiveRule rule, SampleBatch samples, long sampleTimeMs) {
        int results = samples.size();
        Set<Labels> ended = new HashSet<>(rule.series());
        Set<Labels> written = new HashSet<>();
        for (int i = 0; i < results; i++) {
            ended.remove(samples.labels(i));
            written.add(samples.labels(i));
        }
        ended.forEach(series -> samples.add(series, sampleTimeMs, StaleNaN.VALUE));
        if (samples.size() == 0) {
            return "";
        }
        boolean taken = surroundings.queue().append(samples).isPresent();
        String error = "";
        for (int i = 0; taken && i < results; i++) {
            if (samples.result(i) != AppendResult.OK) {
                written.remove(samples.labels(i));
                error = "sample of " + samples.labels(i) + " was refused: " + samples.result(i);
            }
        }
        rule.series(written);
        return error;
    }

    private void endAbandoned(long timeMs) {
        if (!abandoned.isEmpty()) {
            rules.forEach(rule -> abandoned.removeAll(rule.series()));
            end(abandoned, timeMs - config.queryOffsetMs());
            abandoned.clear();
        }
    }

    /** Ends all series of the group, because it is gone from the configuration. */
    void endAll(long timeMs) {
        Set<Labels> all = new HashSet<>(abandoned);
        rules.forEach(rule -> all.addAll(rule.series()));
        end(all, timeMs - config.queryOffsetMs());
    }

    private void end(Set<Labels> series, long sampleTimeMs) {
        SampleBatch markers = new SampleBatch(Math.max(1, series.size()));
        series.forEach(labels -> markers.add(labels, sampleTimeMs, StaleNaN.VALUE));
        if (markers.size() > 0) {
            surroundings.queue().append(markers);
        }
    }

    private void restore(long timeMs) {
        long start = System.nanoTime();
        Optional<Storage> storage = surroundings.storage().get();
        ForStateRestore restore = new ForStateRestore(surroundings.settings());
        for (ActiveRule rule : rules) {
            if (rule instanceof AlertingRule alerting && !alerting.isRestored()) {
                try {
                    if (storage.isEmpty()) {
                        throw new IOException("there is no storage at present");
                    }
                    restore.restore(alerting, storage.get(), timeMs);
                } catch (IOException | RuntimeException e) {
                    if (!restoreFailed) {
                        LOG.warn(
                                "State of alerting rules of group {} is not restored yet: {}",
                                config.name(),
                                e.toString());
                    }
                    restoreFailed = true;
                    evaluationsBeforeRestore = 1;
                }
            }
        }
        counters.restored(seconds(start));
    }

    private void raise(AlertingRule rule, long timeMs) {
        List<RaisedAlert> raised = new ArrayList<>();
        RuleSettings settings = surroundings.settings();
        // Two evaluations or deliveries may fail before the alert is taken for resolved.
        long validUntilMs = timeMs + 4 * Math.max(settings.resendDelayMs(), config.intervalMs());
        for (TrackedAlert alert : rule.takeDue(timeMs, settings.resendDelayMs())) {
            Labels.Builder labels = alert.labels.toBuilder();
            Labels external = externalLabels;
            for (int i = 0; i < external.size(); i++) {
                if (!labels.has(external.name(i))) {
                    labels.set(external.name(i), external.value(i));
                }
            }
            raised.add(new RaisedAlert(
                    new Alert(
                            labels.build(), alert.annotations, alert.firedAtMs, alert.resolvedAtMs, generatorUrl(rule)),
                    validUntilMs));
        }
        if (!raised.isEmpty()) {
            surroundings.dispatcher().accept(raised);
        }
    }

    private String generatorUrl(AlertingRule rule) {
        return surroundings.settings().externalUrl().get() + "/graph?g0.expr="
                + URLEncoder.encode(rule.query(), StandardCharsets.UTF_8)
                        .replace("*", "%2A")
                        .replace("%7E", "~")
                + "&g0.tab=1";
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    RuleStates.Group state() {
        return new RuleStates.Group(
                config.name(),
                config.file(),
                config.intervalMs(),
                config.limit(),
                rules.stream().map(ActiveRule::state).toList(),
                counters.lastSeconds(),
                counters.lastEvaluationMs());
    }
}
