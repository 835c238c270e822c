package org.narthex.alert.dispatch;

import java.util.List;

import org.narthex.api.alert.Alert;

/** An alert as the dispatcher knows it; belongs to the dispatcher's thread. */
final class StoredAlert {
    /** As it was raised last. */
    Alert alert;
    /** When it counts as resolved unless it is raised again, in milliseconds since the epoch. */
    long validUntilMs;
    /** When it was raised last, in milliseconds since the epoch. */
    long updatedAtMs;
    /** How many groups hold it. */
    int groups;
    /** Whether it was silenced or inhibited when its group was last told. */
    boolean suppressed;
    /** Ids of silences, as of {@link #silencesGeneration}. */
    List<String> silencedBy = List.of();

    long silencesGeneration;

    private final long fingerprint;

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

    /** Takes over what was raised anew; returns whether anything changed that is worth keeping over a restart. */
    boolean update(Alert raised, long newValidUntilMs, long nowMs) {
        updatedAtMs = nowMs;
        boolean goesOn = !alert.isResolved() && !raised.isResolved();
        Alert merged = goesOn && alert.startsAtMs() < raised.startsAtMs()
                ? new Alert(
                        raised.labels(),
                        raised.annotations(),
                        alert.startsAtMs(),
                        raised.endsAtMs(),
                        raised.generatorUrl())
                : raised;
        boolean changed = !merged.equals(alert);
        alert = merged;
        validUntilMs = newValidUntilMs;
        return changed;
    }

    void resolve(long timeMs) {
        alert = new Alert(alert.labels(), alert.annotations(), alert.startsAtMs(), timeMs, alert.generatorUrl());
    }
}
