package org.narthex.promql.eval;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;

import org.narthex.api.query.QueryException;
import org.narthex.api.storage.Querier;

/** Everything an evaluation needs besides expression and grid. Thread-safe. */
public final class Query {
    /** Work on one item of a parallel loop. */
    @FunctionalInterface
    public interface Work {
        void run(int item, Scratch scratch) throws QueryException;
    }

    private final Times times;
    private final Settings settings;
    private final Querier querier;
    private final Budget budget;
    private final Notes notes;
    private final EvalPool pool;
    private final Profile profile;
    private final ConcurrentLinkedQueue<Scratch> scratches = new ConcurrentLinkedQueue<>();

    public Query(
            Times times,
            Settings settings,
            Querier querier,
            Budget budget,
            Notes notes,
            EvalPool pool,
            Profile profile) {
        this.times = times;
        this.settings = settings;
        this.querier = querier;
        this.budget = budget;
        this.notes = notes;
        this.pool = pool;
        this.profile = profile;
    }

    public Times times() {
        return times;
    }

    public Settings settings() {
        return settings;
    }

    public Querier querier() {
        return querier;
    }

    public Budget budget() {
        return budget;
    }

    public Notes notes() {
        return notes;
    }

    Profile profile() {
        return profile;
    }

    /** Runs the work for all items, on several threads if there are many; returns when all are done. */
    public void parallel(int items, Work work) throws QueryException {
        parallel(items, EvalPool.MIN_ITEMS, work);
    }

    /** @param least so many items are worth a thread */
    void parallel(int items, int least, Work work) throws QueryException {
        pool.run(items, least, (from, to) -> {
            Scratch scratch = takeScratch();
            for (int item = from; item < to; item++) {
                budget.check();
                work.run(item, scratch);
            }
            scratch.settle();
            scratches.add(scratch);
        });
    }

    /** Runs few big pieces of work on several threads. */
    void spread(int pieces, IntConsumer work) throws QueryException {
        budget.check();
        pool.run(pieces, 1, (from, to) -> {
            for (int piece = from; piece < to; piece++) {
                work.accept(piece);
            }
        });
    }

    /** To be settled by the caller. */
    Scratch takeScratch() {
        Scratch scratch = scratches.poll();
        return scratch == null ? new Scratch(budget) : scratch;
    }
}
