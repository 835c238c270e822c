package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.alert.Alert;
import org.narthex.api.alert.AlertDesk.Event;
import org.narthex.api.alert.AlertDesk.Kind;
import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.alert.Notification;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** What became of alerts and notifications, kept in the database for a time. Belongs to the dispatcher's thread. */
final class History {
    /** So many alerts of a notification are named. */
    private static final int NAMED = 20;

    private final AlertDatabase database;
    private final long retentionMs;
    private long nextId = 1;

    /** @param retentionMs how long entries are kept; 0 for none at all */
    History(AlertDatabase database, long retentionMs) {
        this.database = database;
        this.retentionMs = retentionMs;
    }

    void restore() {
        nextId = database.lastEventId() + 1;
    }

    private void add(long atMs, Kind kind, String subject, Labels labels, String who, String receiver, String text) {
        if (retentionMs > 0) {
            database.put(new Event(nextId++, atMs, kind, subject, labels, who, receiver, text));
        }
    }

    void alert(long atMs, Kind kind, Alert alert, String who, String text) {
        add(atMs, kind, alert.fingerprint(), alert.labels(), who, "", text);
    }

    void silence(long atMs, Kind kind, String id, String who, String text) {
        add(atMs, kind, id, Labels.EMPTY, who, "", text);
    }

    void notification(long atMs, SectionKey section, Notification notification) {
        StringBuilder text = new StringBuilder(notification.reason());
        int left = notification.alerts().size();
        for (Alert alert : notification.alerts()) {
            if (notification.alerts().size() - left == NAMED) {
                text.append(" and ").append(left).append(" more");
                break;
            }
            text.append(left == notification.alerts().size() ? ": " : ", ")
                    .append(alert.isResolved() ? "resolved " : "firing ")
                    .append(alert.labels());
            left--;
        }
        group(atMs, Kind.NOTIFICATION, section, notification, text.toString());
    }

    void outcome(long atMs, Outcome outcome) {
        Kind kind =
                switch (outcome.kind()) {
                    case DELIVERED -> Kind.DELIVERED;
                    case REJECTED -> Kind.REJECTED;
                    case FAILED -> Kind.FAILED;
                };
        group(atMs, kind, outcome.delivery().section(), outcome.delivery().notification(), outcome.reason());
    }

    private void group(long atMs, Kind kind, SectionKey section, Notification notification, String text) {
        add(atMs, kind, notification.groupKey(), notification.groupLabels(), "", section.toString(), text);
    }

    /** The newest first. */
    List<Event> find(String subject, List<Matcher> which, long fromMs, long toMs, int limit) {
        List<Event> found = new ArrayList<>();
        database.eventsBackwards(event -> {
            boolean wanted = event.atMs() >= fromMs
                    && event.atMs() <= toMs
                    && (subject.isEmpty() || event.subject().equals(subject))
                    && AlertMatchers.matchAll(which, event.labels());
            if (wanted) {
                found.add(event);
            }
            return found.size() < limit;
        });
        return found;
    }

    void forgetOld(long nowMs) {
        database.removeEventsBefore(nowMs - retentionMs);
    }
}
