package org.narthex.api.alert;

import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/**
 * Keeps alerts that match it from being told for a time. Times are milliseconds since the epoch.
 *
 * @param id empty for one that is not made yet
 * @param matchers all of them must match
 * @param startsAtMs inclusive
 * @param endsAtMs exclusive
 */
public record Silence(
        String id,
        List<Matcher> matchers,
        long startsAtMs,
        long endsAtMs,
        long updatedAtMs,
        String createdBy,
        String comment,
        Labels annotations) {
    public Silence {
        matchers = List.copyOf(matchers);
    }

    /** Where a silence stands at a time. */
    public enum State {
        PENDING,
        ACTIVE,
        EXPIRED
    }

    public State state(long nowMs) {
        return nowMs >= endsAtMs ? State.EXPIRED : nowMs < startsAtMs ? State.PENDING : State.ACTIVE;
    }
}
