package org.narthex.api.alert;

import java.util.List;
import java.util.NoSuchElementException;

import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.osgi.annotation.versioning.ProviderType;

/** Looks at what rules would have done in the past, and does it. Thread-safe. Times are milliseconds since the epoch. */
@ProviderType
public interface RuleTimeMachine {
    /** The most evaluation times of one call. */
    int MAX_STEPS = 11_000;

    /**
     * One alert from its first result to its end.
     *
     * @param annotations as they were when it fired, or at last
     * @param activeAtMs when it became pending
     * @param firedAtMs when it fired; 0 if it never did
     * @param endedAtMs when it was over; 0 if it was not at the end of the range
     */
    record Episode(Labels labels, Labels annotations, long activeAtMs, long firedAtMs, long endedAtMs) {}

    /**
     * What back-filling did.
     *
     * @param samples that the rules gave
     * @param failures evaluations that failed, those whose samples the storage refused included
     * @param firstError why the first one failed; empty if none did
     */
    record Filled(int evaluations, long samples, int failures, String firstError) {}

    /**
     * What an alerting rule would have raised, by the time it began; nothing is written and nobody is told.
     *
     * @param fromMs the first evaluation time
     * @param toMs inclusive
     * @throws QueryException if the expression cannot be evaluated
     * @throws IllegalArgumentException if there are too many steps
     */
    List<Episode> preview(RuleGroup.Rule rule, long fromMs, long toMs, long stepMs) throws QueryException;

    /**
     * Evaluates recording rules of a group in force at the points of its schedule in the past, and writes what they give. What the storage has already, or
     * what is too old for it, it refuses.
     *
     * @param rule the name of one rule; empty for all of the group
     * @param toMs inclusive
     * @throws NoSuchElementException if there is no such group or rule
     * @throws IllegalArgumentException if there are too many evaluation times
     */
    Filled backfill(String file, String group, String rule, long fromMs, long toMs);
}
