package org.narthex.promql;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.RunningQuery;

/** The queries being evaluated or waiting, by number. Thread-safe. */
final class ActiveQueries {
    private final InstantSource clock;
    private final AtomicLong lastId = new AtomicLong();
    private final ConcurrentSkipListMap<Long, ActiveQuery> queries = new ConcurrentSkipListMap<>();

    ActiveQueries(InstantSource clock) {
        this.clock = clock;
    }

    ActiveQuery add(QueryRequest request) {
        ActiveQuery query = new ActiveQuery(lastId.incrementAndGet(), request, clock.millis());
        queries.put(query.id(), query);
        return query;
    }

    void remove(ActiveQuery query) {
        queries.remove(query.id());
    }

    List<RunningQuery> running() {
        return queries.values().stream().map(ActiveQuery::snapshot).toList();
    }

    boolean cancel(long id) {
        ActiveQuery query = queries.get(id);
        if (query == null) {
            return false;
        }
        query.request().canceled().set(true);
        return true;
    }
}
