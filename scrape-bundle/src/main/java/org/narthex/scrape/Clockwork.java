package org.narthex.scrape;

/** Time, and the threads that work by it; tests turn it by hand. */
interface Clockwork {
    /** Something that will be, or is being done. */
    @FunctionalInterface
    interface Task {
        /** Drops it if it has not begun, else interrupts it if it is foreign. */
        void cancel();
    }

    /** Milliseconds since the epoch. */
    long nowMs();

    /** Runs a task that only starts others, once, after so many milliseconds. */
    Task after(long delayMs, Runnable task);

    /** Runs a task that computes; it must not wait for others. */
    void work(Runnable task);

    /** Runs work that has only to be set going, at once and in the thread that asks: no other is woken for it. */
    default void workHere(Runnable task) {
        task.run();
    }

    /** Runs foreign code, which may take its time. */
    Task foreign(Runnable task);

    /** Ends everything; what has not begun is dropped. */
    void stop();
}
