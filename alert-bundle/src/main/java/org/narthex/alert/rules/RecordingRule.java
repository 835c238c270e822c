package org.narthex.alert.rules;

import java.util.HashSet;
import java.util.Set;

import org.narthex.api.alert.RuleStates;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBatch;

/** A rule that writes its result as a new series. */
final class RecordingRule extends ActiveRule {
    private final long offsetMs;
    private final int limit;

    RecordingRule(RuleGroup group, RuleGroup.Rule config) {
        super(group, config);
        this.offsetMs = group.queryOffsetMs();
        this.limit = group.limit();
    }

    @Override
    void evaluate(EvaluationScope scope, long timeMs, SampleBatch into) throws QueryException, RuleException {
        long sampleTimeMs = timeMs - offsetMs;
        Vector result = query(scope, config().expression(), sampleTimeMs);
        Set<Labels> seen = new HashSet<>();
        Labels.Builder builder = Labels.builder();
        for (int i = 0; i < result.size(); i++) {
            builder.reset(result.metrics().get(i)).set(Labels.METRIC_NAME, config().name());
            config().labels().forEach(builder::set);
            Labels series = builder.build();
            if (!seen.add(series)) {
                throw new RuleException("vector contains metrics with the same labelset after applying rule labels");
            }
            if (result.histogram(i) == null) {
                into.add(series, sampleTimeMs, result.values()[i]);
            } else {
                into.add(series, SampleBatch.NO_REF, sampleTimeMs, result.histogram(i));
            }
        }
        if (limit > 0 && seen.size() > limit) {
            throw new RuleException("exceeded limit of " + limit + " with " + seen.size() + " series");
        }
    }

    @Override
    RuleStates.Rule state() {
        synchronized (this) {
            return new RuleStates.Recording(
                    config().name(),
                    query(),
                    Labels.of(config().labels()),
                    health(),
                    lastError(),
                    evaluationSeconds(),
                    lastEvaluationMs());
        }
    }
}
