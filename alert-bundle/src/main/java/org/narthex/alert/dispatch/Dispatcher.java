package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.alert.ExternalUrl;
import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Notification;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.AlertingConfig.Section;
import org.narthex.api.model.Labels;

/**
 * Decides which notifications are due: keeps alerts in groups, groups on their timers, and the log of what was told. A notification that is
 * due is put into the queue together with its log entry in one transaction, so that after a kill it is neither lost nor made again.
 * Knows no clock and no threads; used by one thread at a time.
 */
final class Dispatcher {
    /** The longest a log entry is kept. */
    private static final long RETENTION_MS = 120 * 3_600_000L;

    private static final long CLEANUP_MS = 15 * 60_000L;

    private final AlertDatabase database;
    private final DeliveryQueue queue;
    private final ExternalUrl externalUrl;
    private final DispatchCounters counters;
    private final Map<Labels, StoredAlert> alerts = new HashMap<>();
    private final Map<String, AlertGroup> groups = new LinkedHashMap<>();
    private final Map<String, LogEntry> log = new HashMap<>();
    private AlertingConfig config;
    private RouteNode root;
    private long nextCleanupMs;
    /** When there is something to do unless an alert or a configuration comes before. */
    private long nextRunMs;
    /** Whether one has come. */
    private boolean changed = true;

    Dispatcher(AlertDatabase database, DeliveryQueue queue, ExternalUrl externalUrl, DispatchCounters counters) {
        this.database = database;
        this.queue = queue;
        this.externalUrl = externalUrl;
        this.counters = counters;
    }

    /** Takes up the state that was kept; rules have the resolve timeout to raise again what still fires. */
    void restore(AlertDatabase.Content content, long nowMs) {
        changed = true;
        log.putAll(content.log());
        queue.restore(content.deliveries().values(), nowMs);
        for (StoredAlert stored : content.alerts().values()) {
            stored.validUntilMs = Math.max(stored.validUntilMs, nowMs + config.resolveTimeoutMs());
            alerts.put(stored.alert.labels(), stored);
            route(stored, nowMs);
        }
    }

    /** Routes by another configuration from now on; groups that are the same in both keep their timers. */
    void configure(AlertingConfig newConfig, long nowMs) {
        changed = true;
        config = newConfig;
        root = RouteNode.root(newConfig.root());
        Map<String, AlertGroup> before = new HashMap<>(groups);
        groups.clear();
        alerts.values().forEach(alert -> {
            alert.groups = 0;
            route(alert, nowMs);
        });
        groups.forEach((key, group) -> {
            if (before.containsKey(key)) {
                group.continueTimer(before.get(key));
            }
        });
        queue.configure(newConfig, nowMs);
    }

    void accept(List<RaisedAlert> raised, long nowMs) {
        changed |= !raised.isEmpty();
        for (RaisedAlert each : raised) {
            Alert alert = each.alert();
            counters.received(alert.isResolved());
            long validUntilMs = each.validUntilMs() == 0 ? nowMs + config.resolveTimeoutMs() : each.validUntilMs();
            StoredAlert known = alerts.get(alert.labels());
            boolean changed = true;
            if (known == null) {
                known = new StoredAlert(alert, validUntilMs);
                alerts.put(alert.labels(), known);
            } else {
                changed = known.update(alert, validUntilMs);
            }
            route(known, nowMs);
            if (changed) {
                database.put(known);
            }
        }
    }

    private void route(StoredAlert alert, long nowMs) {
        Labels labels = alert.alert.labels();
        for (RouteNode node : root.match(labels)) {
            Labels groupLabels = node.groupLabels(labels);
            String key = node.groupKey(groupLabels);
            // Two routes may have equal matchers: only with the receiver the group is one.
            groups.computeIfAbsent(
                            node.route().receiver() + ' ' + key,
                            receiverAndKey -> new AlertGroup(key, groupLabels, node.route(), nowMs))
                    .add(alert, nowMs);
        }
    }

    /** Flushes what is due. Returns when it wants to be called again, in milliseconds since the epoch. */
    long run(long nowMs) {
        if (!changed && nowMs < nextRunMs) {
            // Most calls only bring the outcome of a delivery.
            return nextRunMs;
        }
        changed = false;
        nextRunMs = nextCleanupMs;
        int firing = 0;
        for (StoredAlert alert : alerts.values()) {
            if (!alert.isResolved() && alert.validUntilMs <= nowMs) {
                alert.resolve(alert.validUntilMs);
                database.put(alert);
            }
            if (!alert.isResolved()) {
                firing++;
                nextRunMs = Math.min(nextRunMs, alert.validUntilMs);
            }
        }
        List<String> over = new ArrayList<>();
        for (Map.Entry<String, AlertGroup> entry : groups.entrySet()) {
            AlertGroup group = entry.getValue();
            if (group.isDue(nowMs)) {
                flush(group, nowMs);
            } else if (group.isOver(nowMs)) {
                over.add(entry.getKey());
                continue;
            }
            nextRunMs = Math.min(nextRunMs, group.wakeMs());
        }
        over.forEach(groups::remove);
        if (nowMs >= nextCleanupMs) {
            nextCleanupMs = nowMs + CLEANUP_MS;
            forgetExpired(nowMs);
        }
        counters.state(firing, groups.size());
        return nextRunMs;
    }

    private void forgetExpired(long nowMs) {
        List<String> expired = new ArrayList<>();
        log.forEach((lane, entry) -> {
            if (entry.expiresMs() < nowMs) {
                expired.add(lane);
            }
        });
        expired.forEach(lane -> {
            log.remove(lane);
            database.removeEntry(lane);
        });
    }

    private void flush(AlertGroup group, long nowMs) {
        List<Alert> sorted = group.sorted();
        Set<Long> firing = new HashSet<>();
        Set<Long> resolved = new HashSet<>();
        for (StoredAlert alert : group.all()) {
            (alert.isResolved() ? resolved : firing).add(alert.fingerprint());
        }
        Receiver receiver = config.receivers().get(group.route().receiver());
        for (int i = 0; receiver != null && i < receiver.sections().size(); i++) {
            Section section = receiver.sections().get(i);
            notify(group, SectionKey.of(receiver, i), section.sendResolved(), sorted, firing, resolved, nowMs);
        }
        for (StoredAlert gone : group.flushed(nowMs)) {
            if (gone.groups == 0) {
                alerts.remove(gone.alert.labels());
                database.remove(gone);
            }
        }
    }

    private void notify(
            AlertGroup group,
            SectionKey section,
            boolean sendResolved,
            List<Alert> sorted,
            Set<Long> firing,
            Set<Long> resolved,
            long nowMs) {
        String lane = section + " " + group.key();
        LogEntry told = log.get(lane);
        long repeatMs = group.route().repeatIntervalMs();
        boolean due =
                told == null ? !firing.isEmpty() : told.isOutdated(firing, resolved, sendResolved, repeatMs, nowMs);
        if (!due) {
            return;
        }
        List<Alert> sent = sendResolved
                ? sorted
                : sorted.stream().filter(alert -> !alert.isResolved()).toList();
        if (!sent.isEmpty()) {
            queue.add(
                    section,
                    new Notification(section.receiver(), group.key(), group.labels(), sent, externalUrl.get()),
                    nowMs,
                    nowMs + 2 * repeatMs);
        }
        LogEntry entry = new LogEntry(firing, resolved, nowMs, nowMs + Math.min(2 * repeatMs, RETENTION_MS));
        log.put(lane, entry);
        database.put(lane, entry);
    }

    /** Puts all state into the database, which is empty. */
    void writeAll() {
        alerts.values().forEach(database::put);
        log.forEach(database::put);
    }

    /** A notification was refused: the section does not know what it said, so while the group fires it is told anew at the next flush. */
    void refused(Delivery delivery) {
        LogEntry told = log.get(delivery.lane());
        if (told != null && told.atMs() == delivery.createdMs()) {
            log.remove(delivery.lane());
            database.removeEntry(delivery.lane());
        }
    }
}
