package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.narthex.api.alert.Alert;

/** An alert as the dispatcher knows it; belongs to the dispatcher's thread. */
final class StoredAlert {
    static final Comparator<StoredAlert> BY_FINGERPRINT = (a, b) -> Long.compareUnsigned(a.fingerprint, b.fingerprint);

    /** As it was raised last. */
    Alert alert;
    /** When it counts as resolved unless it is raised again, in milliseconds since the epoch. */
    long validUntilMs;
    /** Whether nobody said how long it is valid, so that it is for the resolve timeout. */
    boolean timesOut;
    /** When it was raised last, in milliseconds since the epoch. */
    long updatedAtMs;
    /** Whether it was silenced or inhibited when its group was last told. */
    boolean suppressed;
    /** As what {@link AlertCounts} counted it. */
    boolean countedAsFiring;

    boolean countedAsSuppressed;
    /** Ids of silences, as of {@link #silencesGeneration}. */
    List<String> silencedBy = List.of();

    long silencesGeneration;

    private final long fingerprint;
    /** Those that hold it, in the order of their routes. */
    private List<AlertGroup> groups = List.of();
    /** How many its routes put it into. */
    private int routed;

    StoredAlert(Alert alert, long validUntilMs, long updatedAtMs) {
        this.alert = alert;
        this.updatedAtMs = updatedAtMs;
        this.validUntilMs = validUntilMs;
        this.fingerprint = Long.parseUnsignedLong(alert.fingerprint(), 16);
    }

    long fingerprint() {
        return fingerprint;
    }

    boolean isResolved() {
        return alert.isResolved();
    }

    List<AlertGroup> groups() {
        return groups;
    }

    /** Returns whether it was not in the group before. */
    boolean join(AlertGroup group) {
        if (groups.contains(group)) {
            return false;
        }
        List<AlertGroup> more = new ArrayList<>(groups);
        more.add(group);
        groups = List.copyOf(more);
        routed = Math.max(routed, groups.size());
        return true;
    }

    /** Whether it is still in all groups that its routes put it into. */
    boolean isRouted() {
        return routed > 0 && groups.size() == routed;
    }

    void leave(AlertGroup group) {
        groups = groups.stream().filter(each -> each != group).toList();
    }

    void leaveAll() {
        groups = List.of();
        routed = 0;
    }

    /**
     * Takes over what was raised anew; returns whether anything changed that is worth keeping over a restart.
     *
     * @param newTimesOut whether {@code newValidUntilMs} is the resolve timeout's
     */
    boolean update(Alert raised, long newValidUntilMs, boolean newTimesOut, long nowMs) {
        updatedAtMs = nowMs;
        boolean goesOn = !alert.isResolved() && !raised.isResolved();
        // What is equal stays the same object: there may be very many alerts, raised again and again.
        Alert merged = new Alert(
                alert.labels(),
                raised.annotations().equals(alert.annotations()) ? alert.annotations() : raised.annotations(),
                goesOn ? Math.min(alert.startsAtMs(), raised.startsAtMs()) : raised.startsAtMs(),
                raised.endsAtMs(),
                raised.generatorUrl());
        // Of two that raise it and say how long it is valid, one may do so less often than the other.
        boolean keepsItsTime = goesOn && !timesOut && validUntilMs > newValidUntilMs;
        if (!keepsItsTime) {
            validUntilMs = newValidUntilMs;
            timesOut = newTimesOut;
        }
        if (merged.equals(alert)) {
            return false;
        }
        alert = merged;
        return true;
    }

    void resolve(long timeMs) {
        alert = new Alert(alert.labels(), alert.annotations(), alert.startsAtMs(), timeMs, alert.generatorUrl());
    }
}
