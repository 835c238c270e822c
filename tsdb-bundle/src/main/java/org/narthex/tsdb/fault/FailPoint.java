package org.narthex.tsdb.fault;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Places where a crash would hurt most. Crash tests start the process with {@code -Dnarthex.tsdb.failpoint=<place>:<action>[:<n>]}, or call {@link
 * #set}, and what is to happen happens when the place is reached for the n-th time (the first, where nothing is said), {@code eio} and {@code
 * enospc} from then on three times. Otherwise a place costs the reading of one field.
 *
 * <p>Actions: {@code kill} ends the process as SIGKILL does, before anything is done; {@code torn} does so when half of it is done; {@code eio} and
 * {@code enospc} fail as the operating system would, a write after half of its bytes.
 */
public enum FailPoint {
    WAL_APPEND("wal.append"),
    WAL_FSYNC("wal.fsync"),
    WAL_CUT("wal.cut"),
    CHECKPOINT("checkpoint"),
    HEAD_CUT("head.cut"),
    BLOCK_RENAME("block.rename"),
    META_WRITE("meta.write"),
    COMPACTION_SWAP("compaction.swap"),
    RETENTION_DELETE("retention.delete"),
    TOMBSTONE_WRITE("tombstone.write"),
    LATE_FLUSH("late.flush"),
    LATE_CUT("late.cut");

    private static final String PROPERTY = "narthex.tsdb.failpoint";
    private static final int FAILURES = 3;
    /** What the shell says of a process that was killed. */
    private static final int KILLED = 137;

    private final String place;

    @SuppressWarnings("ImmutableEnumChecker") // set by tests, of a place there is once
    private volatile Trap trap;

    FailPoint(String place) {
        this.place = place;
    }

    static {
        set(System.getProperty(PROPERTY, ""));
    }

    private enum Action {
        KILL,
        TORN,
        EIO,
        ENOSPC
    }

    /** What is to happen, and how often the place was reached. */
    private record Trap(Action action, int at, AtomicInteger reached) {}

    /** A write of the first bytes of what there is to be written. */
    @FunctionalInterface
    public interface Write {
        void write(int length) throws IOException;
    }

    /**
     * Sets what happens where, in the place of what was set before.
     *
     * @param text as in the property; empty for nothing
     * @throws IllegalArgumentException if there is no such place or action
     */
    public static void set(String text) {
        String[] parts = text.split(":");
        boolean isKnown = text.isEmpty();
        for (FailPoint point : values()) {
            boolean isMeant = parts[0].equals(point.place);
            isKnown |= isMeant;
            point.trap = isMeant ? trap(parts, text) : null;
        }
        if (!isKnown) {
            throw new IllegalArgumentException(PROPERTY + ": there is no place \"" + parts[0] + "\"");
        }
    }

    private static Trap trap(String[] parts, String text) {
        for (Action action : Action.values()) {
            if (parts.length > 1 && parts[1].equalsIgnoreCase(action.name())) {
                return new Trap(action, parts.length > 2 ? Integer.parseInt(parts[2]) : 1, new AtomicInteger());
            }
        }
        throw new IllegalArgumentException(PROPERTY + ": \"" + text + "\" names no action: kill, torn, eio, enospc");
    }

    /** The name in the property. */
    public String place() {
        return place;
    }

    /** Says that the place is reached and nothing done yet. */
    public void reach() throws IOException {
        Trap set = trap;
        if (set != null && set.action != Action.TORN) {
            int time = set.reached.incrementAndGet();
            if (set.action != Action.KILL) {
                fail(set, time);
            } else if (time == set.at) {
                die();
            }
        }
    }

    /** Says that half of what happens at the place is done. */
    public void halfway() {
        Trap set = trap;
        if (set != null && set.action == Action.TORN && set.reached.incrementAndGet() == set.at) {
            die();
        }
    }

    /** Whether anything is to happen here: else a write can be done without {@link #write}. */
    public boolean isSet() {
        return trap != null;
    }

    /**
     * Does a write, or as much of it as is to be done.
     *
     * @param length in bytes
     */
    public void write(int length, Write write) throws IOException {
        Trap set = trap;
        if (set == null) {
            write.write(length);
            return;
        }
        int time = set.reached.incrementAndGet();
        if (time == set.at && set.action == Action.KILL) {
            die();
        }
        if (time == set.at && set.action == Action.TORN) {
            write.write(length / 2);
            die();
        }
        if (isFailing(set, time)) {
            write.write(length / 2);
            fail(set, time);
        }
        write.write(length);
    }

    private static boolean isFailing(Trap set, int time) {
        return (set.action == Action.EIO || set.action == Action.ENOSPC) && time >= set.at && time < set.at + FAILURES;
    }

    private static void fail(Trap set, int time) throws IOException {
        if (isFailing(set, time)) {
            throw new IOException(set.action == Action.EIO ? "Input/output error" : "No space left on device");
        }
    }

    /** Ends the process at once: no hook runs, nothing is flushed. */
    private static void die() {
        Runtime.getRuntime().halt(KILLED);
    }
}
