package org.narthex.api.alert;

import java.util.List;
import java.util.NoSuchElementException;

import org.narthex.api.config.TimeInterval;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What people do about alerts of the Alertmanager in the box, and what became of each. Thread-safe; what a call changed is on disk when it returns. All
 * methods throw {@link IllegalStateException} if the Alertmanager is off or cannot answer. Times are milliseconds since the epoch.
 */
@ProviderType
public interface AlertDesk {
    /**
     * Somebody looks after an alert: while it fires it is not told again, until then.
     *
     * @param resolveAfterMs it counts as resolved if it was not raised for so long; 0 for the usual time
     */
    record Acknowledgement(Labels labels, String by, String comment, long atMs, long untilMs, long resolveAfterMs) {}

    /** A silence for every time that is in the interval. */
    record RecurringSilence(
            String id, List<Matcher> matchers, TimeInterval when, String by, String comment, long atMs) {
        public RecurringSilence {
            matchers = List.copyOf(matchers);
        }
    }

    /** What happened. */
    enum Kind {
        /** An alert began to fire. */
        FIRING,
        /** An alert is over. */
        RESOLVED,
        /** A notification was made. */
        NOTIFICATION,
        /** A channel took it. */
        DELIVERED,
        /** An attempt to deliver failed; there will be another. */
        FAILED,
        /** A channel refused it for good. */
        REJECTED,
        ACKNOWLEDGED,
        UNACKNOWLEDGED,
        SNOOZED,
        /** Somebody said that an alert is over. */
        ENDED,
        SILENCE_PUT,
        SILENCE_EXPIRED,
        RECURRING_SILENCE_PUT,
        RECURRING_SILENCE_REMOVED
    }

    /**
     * An entry of the history.
     *
     * @param id ascending
     * @param subject the fingerprint of an alert, the key of a group, or the id of a silence
     * @param labels of the alert, or of the group
     * @param who did it; empty for Narthex itself
     * @param receiver the section of a receiver, {@code team/email[0]}; empty if it concerns none
     * @param text what was sent, what came back, or what somebody remarked
     */
    record Event(
            long id, long atMs, Kind kind, String subject, Labels labels, String who, String receiver, String text) {}

    /** Those that hold now. */
    List<Acknowledgement> acknowledgements();

    /**
     * Acknowledges all firing alerts that match, over earlier acknowledgements.
     *
     * @return those it made
     * @throws NoSuchElementException if no firing alert matches
     */
    List<Acknowledgement> acknowledge(
            List<Matcher> which, String by, String comment, long untilMs, long resolveAfterMs);

    /**
     * Takes acknowledgements back.
     *
     * @return of how many alerts
     */
    int unacknowledge(List<Matcher> which, String by);

    /**
     * Silences each firing alert that matches, by all its labels, and tells it anew if it still fires after that.
     *
     * @return the ids of the silences
     * @throws NoSuchElementException if no firing alert matches
     */
    List<String> snooze(List<Matcher> which, String by, String comment, long untilMs);

    /**
     * Has all firing alerts that match count as over now; one that is raised again fires anew.
     *
     * @return how many
     * @throws NoSuchElementException if no firing alert matches
     */
    int end(List<Matcher> which, String by, String comment);

    List<RecurringSilence> recurringSilences();

    /**
     * Makes a recurring silence, or replaces one.
     *
     * @param draft with an empty id for a new one
     * @return its id
     * @throws IllegalArgumentException if it would silence everything
     * @throws NoSuchElementException if it names an id that is not known
     */
    String put(RecurringSilence draft);

    /** @throws NoSuchElementException if the id is not known */
    void removeRecurring(String id, String by);

    /**
     * The history, the newest first.
     *
     * @param subject of whom or what; empty for all
     * @param which labels that match
     * @param fromMs inclusive
     * @param toMs inclusive
     * @param limit at most so many
     */
    List<Event> history(String subject, List<Matcher> which, long fromMs, long toMs, int limit);
}
