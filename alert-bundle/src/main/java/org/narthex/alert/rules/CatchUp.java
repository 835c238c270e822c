package org.narthex.alert.rules;

import java.io.IOException;
import java.util.List;

import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.Storage;

/** Finds out since when the recording rules of a group were not evaluated, because nobody was there to do it. */
final class CatchUp {
    private CatchUp() {}

    /**
     * The time of the last evaluation.
     *
     * @param group of recording rules alone
     * @param fromMs what was before is too long ago
     * @return {@code toMs} if there was none since {@code fromMs}, as for a new group
     */
    static long lastEvaluationMs(RuleGroup group, Storage storage, long fromMs, long toMs) throws IOException {
        long last = Long.MIN_VALUE;
        try (Querier querier = storage.querier(fromMs, toMs)) {
            SampleBuffer samples = new SampleBuffer();
            for (RuleGroup.Rule rule : group.rules()) {
                SeriesSet found = querier.select(List.of(Matcher.equal(Labels.METRIC_NAME, rule.name())));
                for (int i = 0; i < found.size(); i++) {
                    found.read(i, fromMs, toMs, samples);
                    if (samples.size() > 0) {
                        last = Math.max(last, samples.timestampsMs()[samples.size() - 1] + group.queryOffsetMs());
                    }
                }
            }
        }
        return last == Long.MIN_VALUE ? toMs : last;
    }
}
