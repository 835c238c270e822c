package org.narthex.promql;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.EvalPool;

/** A stack that is deep enough for long expressions, whose trees are walked level by level: a chain of a thousand operators is as deep. */
final class DeepStack {
    /** Each level takes a character at least, and so many levels fit the stack of any thread. */
    private static final int ANY_STACK = 800;

    private DeepStack() {}

    /** What is to be done with an expression. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws QueryException;
    }

    /**
     * Does the work, in this thread if the expression is short.
     *
     * @throws QueryException what the work throws; of kind {@code BAD_DATA} if the expression is too deep even so; of kind {@code CANCELED} if
     *     this thread was interrupted
     */
    static <T> T call(String expression, Work<T> work) throws QueryException {
        return expression.length() <= ANY_STACK ? contained(work) : elsewhere(work);
    }

    private static <T> T contained(Work<T> work) throws QueryException {
        try {
            return work.run();
        } catch (StackOverflowError e) {
            throw new QueryException(QueryException.Kind.BAD_DATA, "expression is nested too deeply", e);
        }
    }

    private static <T> T elsewhere(Work<T> work) throws QueryException {
        FutureTask<T> task = new FutureTask<>(() -> contained(work));
        Thread thread = new Thread(null, task, Thread.currentThread().getName() + "-deep", EvalPool.STACK_SIZE);
        thread.setDaemon(true);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    // It still uses the storage: let it stop first.
                    interrupted = true;
                    thread.interrupt();
                } catch (ExecutionException e) {
                    throw failure(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static QueryException failure(Throwable thrown) {
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown instanceof Error e) {
            throw e;
        }
        return (QueryException) thrown;
    }
}
