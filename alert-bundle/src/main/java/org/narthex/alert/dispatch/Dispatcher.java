package org.narthex.alert.dispatch;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.alert.ExternalUrl;
import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.AlertDesk.Kind;
import org.narthex.api.alert.Alertmanager;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.model.Labels;

/**
 * Keeps alerts in groups and groups on their timers, and ends alerts that nobody raises any more; what a group's turn leads to is decided by {@link
 * GroupNotifier}. Knows no clock and no threads; used by one thread at a time.
 */
final class Dispatcher {
    private static final long CLEANUP_MS = 15 * 60_000L;

    private final DispatchSettings settings;
    private final DeliveryQueue queue;
    private final DispatchCounters counters;
    private final KnownAlerts alerts;
    /** By receiver and key: two routes may have equal matchers, and only with the receiver the group is one. */
    private final Map<String, AlertGroup> groups = new LinkedHashMap<>();

    private final GroupTimers timers = new GroupTimers();
    private long groupsMade;
    private final NotificationLog log;
    private final Silences silences;
    private final Desk desk;
    private final DeskWork deskWork;
    private final History history;
    private final GroupNotifier notifier;
    private AlertingConfig config;
    private RouteNode root;
    private long nextCleanupMs;
    /** When there is something to do unless an alert or a configuration comes before. */
    private long nextRunMs;
    /** Whether one has come. */
    private boolean changed = true;
    /** Nobody is told anything before that. */
    private long startsAtMs;
    /** No alert counts as over for its age before that. */
    private long nextExpiryMs;

    Dispatcher(
            AlertDatabase database,
            NotificationLog log,
            DeliveryQueue queue,
            ExternalUrl externalUrl,
            DispatchCounters counters,
            History history,
            DispatchSettings settings) {
        this.settings = settings;
        this.log = log;
        this.queue = queue;
        this.counters = counters;
        this.history = history;
        this.alerts = new KnownAlerts(database);
        this.silences = new Silences(database, settings);
        this.desk = new Desk(database);
        this.deskWork = new DeskWork(alerts, desk, silences, log, history, this::deskChanged);
        this.notifier = new GroupNotifier(alerts, silences, desk, log, queue, history, counters, externalUrl, settings);
    }

    private void deskChanged() {
        nextExpiryMs = 0;
        changed = true;
    }

    Desk desk() {
        return desk;
    }

    DeskWork deskWork() {
        return deskWork;
    }

    History history() {
        return history;
    }

    Silences silences() {
        return silences;
    }

    /** Takes up the state that was kept; rules have the resolve timeout to raise again what still fires. */
    void restore(AlertDatabase.Content content, long nowMs) {
        changed = true;
        nextExpiryMs = 0;
        log.restore(content.log());
        silences.restore(content.silences(), content.recurring());
        desk.restore(content.acknowledgements());
        history.restore();
        queue.restore(content.deliveries().values(), nowMs);
        for (StoredAlert stored : content.alerts().values()) {
            long timeoutMs = nowMs + config.resolveTimeoutMs();
            stored.timesOut = stored.validUntilMs < timeoutMs;
            stored.validUntilMs = Math.max(stored.validUntilMs, timeoutMs);
            alerts.restore(stored);
            route(stored, nowMs);
        }
    }

    /** Routes by another configuration from now on; groups that are the same in both keep their timers. */
    void configure(AlertingConfig newConfig, SectionTemplates newTemplates, long nowMs) {
        changed = true;
        if (config == null) {
            startsAtMs = nowMs + settings.startDelayMs();
            counters.ofState().limit(settings.alertsPerName());
        }
        config = newConfig;
        counters.configured(newConfig);
        alerts.configure(newConfig.inhibitRules());
        notifier.configure(newConfig, newTemplates);
        root = RouteNode.root(newConfig.root());
        Map<String, AlertGroup> before = new HashMap<>(groups);
        groups.clear();
        timers.clear();
        alerts.all().forEach(alert -> {
            alert.leaveAll();
            route(alert, nowMs);
        });
        groups.forEach((key, group) -> {
            if (before.containsKey(key)) {
                group.continueTimer(before.get(key));
                timers.update(group);
            }
        });
        queue.configure(newConfig, newTemplates, nowMs);
    }

    void accept(List<RaisedAlert> raised, long nowMs) {
        if (raised.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        raised.forEach(each -> accept(each, nowMs));
        changed = true;
        counters.ofState().accepted(raised.size(), System.nanoTime() - start);
    }

    private void accept(RaisedAlert each, long nowMs) {
        Alert alert = each.alert();
        counters.received(alert.isResolved());
        boolean timesOut = each.validUntilMs() == 0;
        long validUntilMs = timesOut ? nowMs + config.resolveTimeoutMs() : each.validUntilMs();
        Optional<StoredAlert> known = alerts.find(alert.labels());
        if (isOneTooMany(known, alert)) {
            counters.ofState().limited(settings.namesInMetrics() ? AlertCounts.name(alert) : "");
            return;
        }
        noteChange(known, alert, nowMs);
        if (known.isEmpty()) {
            StoredAlert added = new StoredAlert(alert, validUntilMs, nowMs);
            added.timesOut = timesOut;
            alerts.add(added);
            route(added, nowMs);
        } else {
            boolean news = known.get().update(alert, validUntilMs, timesOut, nowMs);
            route(known.get(), nowMs);
            if (news) {
                alerts.changed(known.get());
            }
        }
        nextExpiryMs = Math.min(nextExpiryMs, validUntilMs);
    }

    /** Whether an alert that did not fire until now is above the limit of its name. */
    private boolean isOneTooMany(Optional<StoredAlert> known, Alert raised) {
        boolean isNew = known.isEmpty() || (known.get().isResolved() && !raised.isResolved());
        return settings.alertsPerName() > 0
                && isNew
                && alerts.counts().firing(AlertCounts.name(raised)) >= settings.alertsPerName();
    }

    private void noteChange(Optional<StoredAlert> known, Alert raised, long nowMs) {
        boolean fired = known.isPresent() && !known.get().isResolved();
        if (!raised.isResolved() && !fired) {
            history.alert(nowMs, Kind.FIRING, raised, "", "");
        } else if (raised.isResolved() && fired) {
            deskWork.over(Kind.RESOLVED, raised, "", "", nowMs);
        }
    }

    private void route(StoredAlert alert, long nowMs) {
        if (alert.isRouted()) {
            alert.groups().forEach(group -> add(alert, group, nowMs));
            return;
        }
        Labels labels = alert.alert.labels();
        for (RouteNode node : root.match(labels)) {
            Labels groupLabels = node.groupLabels(labels);
            String key = node.groupKey(groupLabels);
            AlertGroup group = groups.computeIfAbsent(
                    place(node.route().receiver(), key),
                    receiverAndKey -> new AlertGroup(groupsMade++, key, groupLabels, node.route(), nowMs));
            add(alert, group, nowMs);
        }
    }

    private static String place(String receiver, String groupKey) {
        return receiver + ' ' + groupKey;
    }

    private void add(StoredAlert alert, AlertGroup group, long nowMs) {
        group.add(alert, nowMs);
        timers.update(group);
    }

    /** Flushes what is due. Returns when it wants to be called again, in milliseconds since the epoch. */
    long run(long nowMs) {
        if (!changed && nowMs < nextRunMs) {
            // Most calls only bring the outcome of a delivery.
            return nextRunMs;
        }
        changed = false;
        nextRunMs = nextCleanupMs;
        if (nowMs >= nextExpiryMs) {
            resolveExpired(nowMs);
        }
        nextRunMs = Math.min(nextRunMs, nextExpiryMs);
        if (nowMs >= startsAtMs) {
            turn(nowMs);
        }
        nextRunMs = Math.min(nextRunMs, Math.max(startsAtMs, timers.nextMs()));
        if (nowMs >= nextCleanupMs) {
            nextCleanupMs = nowMs + CLEANUP_MS;
            forgetExpired(nowMs);
        }
        counters.alerts(alerts.counts().firing(), alerts.counts().suppressed());
        counters.state(groups.size(), silences.counts(nowMs));
        return nextRunMs;
    }

    /** The groups whose time has come are told about or forgotten. */
    private void turn(long nowMs) {
        for (AlertGroup group : timers.due(nowMs)) {
            if (group.isDue(nowMs)) {
                flush(group, nowMs);
                timers.update(group);
            } else if (group.isOver(nowMs)) {
                groups.remove(place(group.route().receiver(), group.key()));
                timers.remove(group);
            }
        }
    }

    private void flush(AlertGroup group, long nowMs) {
        notifier.flush(group, nowMs);
        for (StoredAlert gone : group.flushed(nowMs)) {
            if (gone.groups().isEmpty()) {
                alerts.remove(gone);
            }
        }
    }

    private void resolveExpired(long nowMs) {
        nextExpiryMs = Long.MAX_VALUE;
        for (StoredAlert alert : alerts.all()) {
            if (!alert.isResolved()) {
                long validUntilMs = desk.validUntilMs(alert);
                if (validUntilMs <= nowMs) {
                    alert.resolve(validUntilMs);
                    alerts.changed(alert);
                    deskWork.over(Kind.RESOLVED, alert.alert, "", "it was not raised again", nowMs);
                } else {
                    nextExpiryMs = Math.min(nextExpiryMs, validUntilMs);
                }
            }
        }
    }

    private void forgetExpired(long nowMs) {
        long start = System.nanoTime();
        log.forgetExpired(nowMs);
        long logDone = System.nanoTime();
        silences.forgetExpired(nowMs - settings.retentionMs());
        counters.ofState().cleanup(logDone - start, System.nanoTime() - logDone);
        desk.forgetExpired(nowMs);
        history.forgetOld(nowMs);
    }

    /** All alerts with what becomes of them, in the order of their fingerprints. */
    List<Alertmanager.AlertState> alertStates(long nowMs) {
        return states(nowMs).of(alerts.byFingerprint());
    }

    /** All groups, in no particular order, with their alerts in that of their fingerprints. */
    List<Alertmanager.GroupState> groupStates(long nowMs) {
        return states(nowMs).ofGroups(groups.values());
    }

    private AlertStates states(long nowMs) {
        return new AlertStates(silences, alerts.inhibitor(), notifier.mutedTimes(), nowMs);
    }

    /** Puts all state into the database, which is empty. */
    void writeAll() {
        alerts.writeAll();
        log.writeAll();
        silences.writeAll();
        desk.writeAll();
    }
}
