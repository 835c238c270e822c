package org.narthex.alert.rules;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.Storage;

/** Finds out from {@code ALERTS_FOR_STATE} since when alerts were active before a restart, so that {@code for} need not begin anew. */
final class ForStateRestore {
    private final RuleSettings settings;

    ForStateRestore(RuleSettings settings) {
        this.settings = settings;
    }

    /** Gives the rule its state back, as far as the storage knows it and the outage was not too long. */
    void restore(AlertingRule rule, Storage storage, long nowMs) throws IOException {
        Map<Labels, Long> activeAtMs = new HashMap<>();
        // A shorter `for` is over sooner than the grace period a restored alert would be given.
        if (rule.config().forMs() >= settings.gracePeriodMs()) {
            try (Querier querier = storage.querier(nowMs - settings.outageToleranceMs(), nowMs)) {
                SeriesSet found = querier.select(List.of(
                        Matcher.equal(Labels.METRIC_NAME, AlertingRule.ALERTS_FOR_STATE),
                        Matcher.equal(AlertingRule.ALERT_NAME, rule.config().name())));
                SampleBuffer samples = new SampleBuffer();
                for (int i = 0; i < found.size(); i++) {
                    found.read(i, nowMs - settings.outageToleranceMs(), nowMs, samples);
                    int last = samples.size() - 1;
                    if (last >= 0 && !StaleNaN.is(samples.values()[last])) {
                        activeAtMs.put(
                                found.labels(i).without(Labels.METRIC_NAME),
                                activeAt(
                                        rule.config().forMs(),
                                        1000L * (long) samples.values()[last],
                                        samples.timestampsMs()[last],
                                        nowMs));
                    }
                }
            }
        }
        rule.restore(activeAtMs);
    }

    /**
     * @param wasActiveAtMs when it became active
     * @param downAtMs when it was last seen
     */
    private long activeAt(long forMs, long wasActiveAtMs, long downAtMs, long nowMs) {
        long remainingMs = forMs - (downAtMs - wasActiveAtMs);
        if (remainingMs <= 0) {
            // It fired already; with the old time it does so again at the next evaluation.
            return wasActiveAtMs;
        }
        return remainingMs < settings.gracePeriodMs()
                ? nowMs + settings.gracePeriodMs() - forMs
                : wasActiveAtMs + (nowMs - downAtMs);
    }
}
