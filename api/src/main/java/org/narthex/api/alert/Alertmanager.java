package org.narthex.api.alert;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

import org.narthex.api.config.AlertingConfig;
import org.narthex.api.model.Labels;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The Alertmanager in the box, for those who show and steer it. Thread-safe; each call returns a snapshot, and what a call changed is on disk when
 * it returns. All but {@link #isOn} may only be called while it is on, and throw {@link IllegalStateException} if it cannot answer.
 */
@ProviderType
public interface Alertmanager {
    /** Whether a configuration turned it on. */
    boolean isOn();

    /** The configuration in force. */
    AlertingConfig config();

    /** When it was started, in milliseconds since the epoch. */
    long startedAtMs();

    /** All alerts it knows, resolved ones included, in the order of their fingerprints. */
    List<AlertState> alerts();

    /** All groups in no particular order, the alerts of each in the order of their fingerprints. */
    List<GroupState> groups();

    /** Takes alerts as clients send them. */
    void post(List<PostedAlert> alerts);

    /** All silences, those that are over included as long as they are kept. */
    List<Silence> silences();

    Optional<Silence> silence(String id);

    /**
     * Makes a silence, or changes one: in place if it may be, else the old one ends and a new one is made.
     *
     * @return its id
     * @throws IllegalArgumentException if it is not valid
     * @throws NoSuchElementException if it names an id that is not known
     */
    String put(Silence silence);

    /**
     * Ends a silence now.
     *
     * @throws IllegalArgumentException if it is over already
     * @throws NoSuchElementException if the id is not known
     */
    void expire(String id);

    /**
     * An alert as a client sends it; times in milliseconds since the epoch.
     *
     * @param startsAtMs 0 if not given
     * @param endsAtMs 0 if not given: then it is over if it is not sent again within the resolve timeout
     */
    record PostedAlert(Labels labels, Labels annotations, long startsAtMs, long endsAtMs, String generatorUrl) {}

    /**
     * An alert with what becomes of it; times in milliseconds since the epoch.
     *
     * @param endsAtMs when it was or, unless it is raised again, will be over
     * @param receivers the names of those it is routed to
     * @param silencedBy ids of silences
     * @param inhibitedBy fingerprints of alerts
     * @param mutedBy names of time intervals
     */
    record AlertState(
            Alert alert,
            long endsAtMs,
            long updatedAtMs,
            List<String> receivers,
            List<String> silencedBy,
            List<String> inhibitedBy,
            List<String> mutedBy) {
        /** Whether it is kept from being told. */
        public boolean isSuppressed() {
            return !silencedBy.isEmpty() || !inhibitedBy.isEmpty() || !mutedBy.isEmpty();
        }
    }

    /** Alerts that are notified together. */
    record GroupState(String receiver, Labels labels, Labels routeLabels, List<AlertState> alerts) {}
}
