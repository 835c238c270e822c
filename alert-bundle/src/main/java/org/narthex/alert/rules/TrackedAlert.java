package org.narthex.alert.rules;

import org.narthex.api.alert.RuleStates.ActiveAlert;
import org.narthex.api.alert.RuleStates.State;
import org.narthex.api.model.Labels;

/** An alert from its first result until it is forgotten; times in milliseconds since the epoch, 0 for never. Guarded by its rule's lock. */
final class TrackedAlert {
    final Labels labels;
    Labels annotations;
    double value;
    State state = State.PENDING;
    long activeAtMs;
    long firedAtMs;
    long resolvedAtMs;
    long lastSentMs;
    /** Since when it has no result and only keep_firing_for lets it fire. */
    long keepFiringSinceMs;

    TrackedAlert(Labels labels, Labels annotations, double value, long activeAtMs) {
        this.labels = labels;
        this.annotations = annotations;
        this.value = value;
        this.activeAtMs = activeAtMs;
    }

    TrackedAlert(TrackedAlert other) {
        this(other.labels, other.annotations, other.value, other.activeAtMs);
        state = other.state;
        firedAtMs = other.firedAtMs;
        resolvedAtMs = other.resolvedAtMs;
        lastSentMs = other.lastSentMs;
        keepFiringSinceMs = other.keepFiringSinceMs;
    }

    boolean isActive() {
        return state != State.INACTIVE;
    }

    void resolve(long timeMs) {
        state = State.INACTIVE;
        resolvedAtMs = timeMs;
    }

    boolean needsSending(long timeMs, long resendDelayMs) {
        if (state == State.PENDING) {
            return false;
        }
        // Resolved since it was last sent: that cannot wait.
        return lastSentMs == 0 || resolvedAtMs > lastSentMs || lastSentMs + resendDelayMs < timeMs;
    }

    ActiveAlert snapshot() {
        return new ActiveAlert(labels, annotations, state, activeAtMs, keepFiringSinceMs, value);
    }
}
