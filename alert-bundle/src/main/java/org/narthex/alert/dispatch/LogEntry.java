package org.narthex.alert.dispatch;

import java.util.Optional;
import java.util.Set;

/**
 * What a section of a receiver was told last about a group.
 *
 * @param firing fingerprints of alerts it was told to fire
 * @param resolved fingerprints of alerts it was told to be resolved
 * @param atMs when, in milliseconds since the epoch
 * @param expiresMs when this may be forgotten
 * @param memo what its channel wants to know next time; empty if nothing
 */
record LogEntry(Set<Long> firing, Set<Long> resolved, long atMs, long expiresMs, String memo) {
    /** The reason of those that say nothing new. */
    static final String REPEAT = "repeat interval elapsed";

    LogEntry {
        firing = Set.copyOf(firing);
        resolved = Set.copyOf(resolved);
    }

    LogEntry withFiring(Set<Long> others) {
        return new LogEntry(others, resolved, atMs, expiresMs, memo);
    }

    LogEntry withMemo(String newMemo) {
        return new LogEntry(firing, resolved, atMs, expiresMs, newMemo);
    }

    LogEntry until(long newExpiresMs) {
        return new LogEntry(firing, resolved, atMs, newExpiresMs, memo);
    }

    /** Why the section must be told that the group is now like this; empty if it need not be. */
    Optional<String> reason(
            Set<Long> nowFiring, Set<Long> nowResolved, boolean sendResolved, long repeatMs, long nowMs) {
        if (!firing.containsAll(nowFiring)) {
            return Optional.of("new alerts added");
        }
        if (nowFiring.isEmpty()) {
            // What began and ended between two flushes nobody was told about.
            return firing.isEmpty() ? Optional.empty() : Optional.of("all alerts resolved");
        }
        if (sendResolved && !resolved.containsAll(nowResolved)) {
            return Optional.of("some alerts resolved");
        }
        return atMs < nowMs - repeatMs ? Optional.of(REPEAT) : Optional.empty();
    }
}
