package org.narthex.alert.rules;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.narthex.api.alert.RuleStates;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBatch;

/** A rule at work. Evaluated by one thread at a time; what others see is read under the lock of the rule. */
abstract class ActiveRule {
    private final RuleGroup.Rule config;
    /** Who asks, for the query log. */
    private final Map<String, String> origin;
    /** As the engine writes it, once it was there to say so. */
    private String canonical = "";

    private RuleStates.Health health = RuleStates.Health.UNKNOWN;
    private String lastError = "";
    private double evaluationSeconds;
    private long lastEvaluationMs;
    /** What the last evaluation wrote; a series that is missing in the next one gets a staleness marker. */
    private Set<Labels> series = new HashSet<>();

    ActiveRule(RuleGroup group, RuleGroup.Rule config) {
        this.config = config;
        this.origin = Map.of("ruleGroup.file", group.file(), "ruleGroup.name", group.name());
    }

    static ActiveRule of(RuleGroup group, RuleGroup.Rule config, boolean restore) {
        return config.kind() == RuleGroup.Kind.RECORDING
                ? new RecordingRule(group, config)
                : new AlertingRule(group, config, restore);
    }

    RuleGroup.Rule config() {
        return config;
    }

    /** Asks in the name of the rule's group. */
    final Vector query(EvaluationScope scope, String expression, long timeMs) throws QueryException {
        return Vector.query(scope.engine(), expression, timeMs, origin);
    }

    /**
     * Evaluates the expression and adds the samples of the result to the batch.
     *
     * @param timeMs the evaluation time; the query's is earlier by the group's offset, as is that of the samples
     */
    abstract void evaluate(EvaluationScope scope, long timeMs, SampleBatch into) throws QueryException, RuleException;

    abstract RuleStates.Rule state();

    /** Takes over what an earlier version of the same rule knew. */
    void copyStateOf(ActiveRule earlier) {
        series = new HashSet<>(earlier.series());
    }

    final synchronized Set<Labels> series() {
        return series;
    }

    final synchronized void series(Set<Labels> written) {
        series = written;
    }

    final synchronized void succeeded(long timeMs, double seconds) {
        finished(RuleStates.Health.OK, "", timeMs, seconds);
    }

    final synchronized void failed(String reason, long timeMs, double seconds) {
        finished(RuleStates.Health.ERR, reason, timeMs, seconds);
    }

    private void finished(RuleStates.Health result, String error, long timeMs, double seconds) {
        health = result;
        lastError = error;
        lastEvaluationMs = timeMs;
        evaluationSeconds = seconds;
    }

    final synchronized void canonicalBy(QueryEngine engine) {
        if (canonical.isEmpty()) {
            try {
                canonical = engine.check(config.expression());
            } catch (QueryException e) {
                // The evaluation that follows reports it.
                canonical = "";
            }
        }
    }

    final synchronized String query() {
        return canonical.isEmpty() ? config.expression() : canonical;
    }

    final synchronized RuleStates.Health health() {
        return health;
    }

    final synchronized String lastError() {
        return lastError;
    }

    final synchronized double evaluationSeconds() {
        return evaluationSeconds;
    }

    final synchronized long lastEvaluationMs() {
        return lastEvaluationMs;
    }
}
