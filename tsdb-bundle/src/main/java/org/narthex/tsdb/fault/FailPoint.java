package org.narthex.tsdb.fault;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Places where a crash would hurt most. Crash tests start the process with {@code -Dnarthex.tsdb.failpoint=<place>:<action>[:<n>]}, and what is to
 * happen happens when the place is reached for the n-th time (the first, where nothing is said), {@code eio} and {@code enospc} from then on three
 * times. Without the property every call is empty.
 *
 * <p>Actions: {@code kill} ends the process as SIGKILL does; {@code torn} does so after half of a write; {@code eio} and {@code enospc} fail as the
 * operating system would.
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
    LATE_FLUSH("late.flush");

    private static final int FAILURES = 3;

    private final String place;
    private final String action;
    private final int at;

    @SuppressWarnings("ImmutableEnumChecker") // a count for tests, of a place there is once
    private final AtomicInteger reached = new AtomicInteger();

    FailPoint(String place) {
        this.place = place;
        String[] set = System.getProperty("narthex.tsdb.failpoint", "").split(":");
        boolean isSet = set[0].equals(place);
        this.action = isSet && set.length > 1 ? set[1] : "";
        this.at = isSet && set.length > 2 ? Integer.parseInt(set[2]) : 1;
    }

    /** The name in the property. */
    public String place() {
        return place;
    }

    /** Says that the place is reached. */
    public void reach() throws IOException {
        if (!action.isEmpty()) {
            act(reached.incrementAndGet());
        }
    }

    private void act(int time) throws IOException {
        switch (action) {
            case "kill" -> {
                if (time == at) {
                    die();
                }
            }
            case "eio" -> fail(time, "Input/output error");
            case "enospc" -> fail(time, "No space left on device");
            default -> {}
        }
    }

    private void fail(int time, String reason) throws IOException {
        if (time >= at && time < at + FAILURES) {
            throw new IOException(reason);
        }
    }

    /**
     * How much of a write is to be done; where that is less than all, call {@link #die} after it.
     *
     * @param length in bytes
     */
    public int torn(int length) {
        return action.equals("torn") && reached.incrementAndGet() == at ? length / 2 : length;
    }

    /** Ends the process at once: no hook runs, nothing is flushed. */
    public void die() {
        Runtime.getRuntime().halt(137);
    }
}
