package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.alert.AlertDesk.Acknowledgement;
import org.narthex.api.model.Labels;

/** Acknowledgements, by the labels of alerts, kept in the database. Belongs to the dispatcher's thread. */
final class Desk {
    private final AlertDatabase database;
    private final Map<Labels, Acknowledgement> acknowledgements = new HashMap<>();

    Desk(AlertDatabase database) {
        this.database = database;
    }

    void restore(Collection<Acknowledgement> kept) {
        kept.forEach(each -> acknowledgements.put(each.labels(), each));
    }

    void writeAll() {
        acknowledgements.values().forEach(database::put);
    }

    void put(Acknowledgement acknowledgement) {
        acknowledgements.put(acknowledgement.labels(), acknowledgement);
        database.put(acknowledgement);
    }

    /** Returns whether there was one. */
    boolean remove(Labels labels) {
        Acknowledgement known = acknowledgements.remove(labels);
        if (known != null) {
            database.remove(known);
        }
        return known != null;
    }

    List<Acknowledgement> inForce(long nowMs) {
        return acknowledgements.values().stream()
                .filter(each -> nowMs < each.untilMs())
                .toList();
    }

    private boolean isAcknowledged(Labels labels, long nowMs) {
        Acknowledgement known = acknowledgements.get(labels);
        return known != null && nowMs < known.untilMs();
    }

    /** Whether somebody looks after each of the alerts that are among the firing ones. */
    boolean areAcknowledged(Collection<StoredAlert> alerts, Set<Long> firing, long nowMs) {
        return alerts.stream()
                .filter(alert -> firing.contains(alert.fingerprint()))
                .allMatch(alert -> isAcknowledged(alert.alert.labels(), nowMs));
    }

    /** When the alert counts as over unless it is raised again. */
    long validUntilMs(StoredAlert alert) {
        Acknowledgement known = acknowledgements.isEmpty() ? null : acknowledgements.get(alert.alert.labels());
        return known == null || known.resolveAfterMs() == 0
                ? alert.validUntilMs
                : Math.min(alert.validUntilMs, alert.updatedAtMs + known.resolveAfterMs());
    }

    void forgetExpired(long nowMs) {
        List<Acknowledgement> over = new ArrayList<>();
        acknowledgements.values().forEach(each -> {
            if (each.untilMs() < nowMs) {
                over.add(each);
            }
        });
        over.forEach(each -> remove(each.labels()));
    }
}
