package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

import org.narthex.api.alert.Alert;
import org.narthex.api.alert.AlertDesk.Acknowledgement;
import org.narthex.api.alert.AlertDesk.Kind;
import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.alert.Silence;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** What people do about alerts that fire, and what is left of it when they are over; each act is noted in the history. Belongs to the dispatcher's thread. */
final class DeskWork {
    private final KnownAlerts alerts;
    private final Desk desk;
    private final Silences silences;
    private final NotificationLog log;
    private final History history;
    /** Tells the dispatcher that there may be something to do before its time. */
    private final Runnable changed;

    DeskWork(KnownAlerts alerts, Desk desk, Silences silences, NotificationLog log, History history, Runnable changed) {
        this.alerts = alerts;
        this.desk = desk;
        this.silences = silences;
        this.log = log;
        this.history = history;
        this.changed = changed;
    }

    /** @throws NoSuchElementException if no firing alert matches */
    List<Acknowledgement> acknowledge(
            List<Matcher> which, String by, String comment, long untilMs, long resolveAfterMs, long nowMs) {
        List<Acknowledgement> made = new ArrayList<>();
        for (StoredAlert alert : alerts.firing(which)) {
            Acknowledgement each =
                    new Acknowledgement(alert.alert.labels(), by, comment, nowMs, untilMs, resolveAfterMs);
            desk.put(each);
            history.alert(nowMs, Kind.ACKNOWLEDGED, alert.alert, by, comment);
            made.add(each);
        }
        changed.run();
        return made;
    }

    int unacknowledge(List<Matcher> which, String by, long nowMs) {
        int taken = 0;
        for (StoredAlert alert : alerts.all()) {
            if (AlertMatchers.matchAll(which, alert.alert.labels()) && desk.remove(alert.alert.labels())) {
                history.alert(nowMs, Kind.UNACKNOWLEDGED, alert.alert, by, "");
                taken++;
            }
        }
        return taken;
    }

    /** What was told of the alerts is forgotten, so that they are news when the silence is over. */
    List<String> snooze(List<Matcher> which, String by, String comment, long untilMs, long nowMs) {
        List<String> ids = new ArrayList<>();
        for (StoredAlert alert : alerts.firing(which)) {
            List<Matcher> exactly = new ArrayList<>();
            Labels labels = alert.alert.labels();
            for (int i = 0; i < labels.size(); i++) {
                exactly.add(Matcher.equal(labels.name(i), labels.value(i)));
            }
            ids.add(silences.put(new Silence("", exactly, nowMs, untilMs, nowMs, by, comment, Labels.EMPTY), nowMs));
            history.alert(nowMs, Kind.SNOOZED, alert.alert, by, comment);
            log.forgetTold(alert.fingerprint());
        }
        changed.run();
        return ids;
    }

    /** @throws NoSuchElementException if no firing alert matches */
    int end(List<Matcher> which, String by, String comment, long nowMs) {
        List<StoredAlert> ended = alerts.firing(which);
        for (StoredAlert alert : ended) {
            alert.resolve(nowMs);
            alerts.changed(alert);
            over(Kind.ENDED, alert.alert, by, comment, nowMs);
        }
        changed.run();
        return ended.size();
    }

    /** An alert fires no more, whoever or whatever ended it. */
    void over(Kind how, Alert alert, String by, String why, long nowMs) {
        history.alert(nowMs, how, alert, by, why);
        // Whoever looked after it is done; if it comes again that is another matter.
        desk.remove(alert.labels());
    }
}
