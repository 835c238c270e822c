package org.narthex.promql;

import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.RunningQuery;
import org.narthex.promql.eval.Budget;

/** A query between being asked and being answered. Thread-safe. */
final class ActiveQuery {
    private final long id;
    private final QueryRequest request;
    private final long beganMs;
    /** Null while it waits for its turn. */
    private volatile Budget budget;

    ActiveQuery(long id, QueryRequest request, long beganMs) {
        this.id = id;
        this.request = request;
        this.beganMs = beganMs;
    }

    long id() {
        return id;
    }

    QueryRequest request() {
        return request;
    }

    long beganMs() {
        return beganMs;
    }

    void uses(Budget used) {
        budget = used;
    }

    RunningQuery snapshot() {
        Budget used = budget;
        return used == null
                ? new RunningQuery(id, request, beganMs, true, 0, 0)
                : new RunningQuery(id, request, beganMs, false, used.lookedSamples(), used.heldBytes());
    }
}
