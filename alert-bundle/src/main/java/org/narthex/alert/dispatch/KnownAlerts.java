package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.config.AlertingConfig.InhibitRule;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** The alerts that are known, by their labels, kept in the database; with what is counted of them and which of them inhibit others. Belongs to the dispatcher's thread. */
final class KnownAlerts {
    private final AlertDatabase database;
    private final Map<Labels, StoredAlert> alerts = new HashMap<>();
    private final SharedTexts texts = new SharedTexts();
    private final AlertCounts counts = new AlertCounts();
    private Inhibitor inhibitor = new Inhibitor(List.of());
    /** All of them in order; null if it must be made anew. */
    private List<StoredAlert> byFingerprint;

    KnownAlerts(AlertDatabase database) {
        this.database = database;
    }

    /** Inhibits by other rules from now on. */
    void configure(List<InhibitRule> rules) {
        inhibitor = new Inhibitor(rules);
        alerts.values().forEach(inhibitor::add);
    }

    /** Takes one that the database has. */
    void restore(StoredAlert alert) {
        alert.alert = texts.share(alert.alert);
        alerts.put(alert.alert.labels(), alert);
        byFingerprint = null;
        counts.update(alert);
        inhibitor.add(alert);
    }

    void add(StoredAlert alert) {
        restore(alert);
        database.put(alert);
    }

    /** Something of the alert became another that is worth keeping. */
    void changed(StoredAlert alert) {
        counts.update(alert);
        database.put(alert);
    }

    void remove(StoredAlert alert) {
        alerts.remove(alert.alert.labels());
        byFingerprint = null;
        inhibitor.remove(alert);
        database.remove(alert);
    }

    void writeAll() {
        alerts.values().forEach(database::put);
    }

    Optional<StoredAlert> find(Labels labels) {
        return Optional.ofNullable(alerts.get(labels));
    }

    Collection<StoredAlert> all() {
        return alerts.values();
    }

    List<StoredAlert> byFingerprint() {
        if (byFingerprint == null) {
            byFingerprint = new ArrayList<>(alerts.values());
            byFingerprint.sort(StoredAlert.BY_FINGERPRINT);
        }
        return byFingerprint;
    }

    /** @throws NoSuchElementException if none matches */
    List<StoredAlert> firing(List<Matcher> which) {
        List<StoredAlert> found = new ArrayList<>();
        for (StoredAlert alert : alerts.values()) {
            if (!alert.isResolved() && AlertMatchers.matchAll(which, alert.alert.labels())) {
                found.add(alert);
            }
        }
        if (found.isEmpty()) {
            throw new NoSuchElementException("no firing alert matches");
        }
        return found;
    }

    Inhibitor inhibitor() {
        return inhibitor;
    }

    AlertCounts counts() {
        return counts;
    }
}
