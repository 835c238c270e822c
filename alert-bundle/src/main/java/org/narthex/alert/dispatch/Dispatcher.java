package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

import org.narthex.alert.ExternalUrl;
import org.narthex.alert.RaisedAlert;
import org.narthex.alert.template.TemplateException;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.AlertDesk.Acknowledgement;
import org.narthex.api.alert.AlertDesk.Kind;
import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.alert.Alertmanager;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.Silence;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.AlertingConfig.Section;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which notifications are due: keeps alerts in groups, groups on their timers, and the log of what was told. A notification that is
 * due is put into the queue together with its log entry in one transaction, so that after a kill it is neither lost nor made again.
 * Knows no clock and no threads; used by one thread at a time.
 */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** The longest that log entries and silences that are over are kept. */
    private static final long RETENTION_MS = 120 * 3_600_000L;

    private static final long CLEANUP_MS = 15 * 60_000L;

    private final AlertDatabase database;
    private final DeliveryQueue queue;
    private final ExternalUrl externalUrl;
    private final DispatchCounters counters;
    private final Map<Labels, StoredAlert> alerts = new HashMap<>();
    /** The same in order; null if it must be made anew. */
    private List<StoredAlert> byFingerprint;

    private final SharedTexts texts = new SharedTexts();
    private final Map<String, AlertGroup> groups = new LinkedHashMap<>();
    private final Map<String, LogEntry> log = new HashMap<>();
    private final Silences silences;
    private final Desk desk;
    private final History history;
    private AlertingConfig config;
    private RouteNode root;
    private Inhibitor inhibitor;
    private MutedTimes mutedTimes;
    private SectionTemplates templates;
    private long nextCleanupMs;
    /** When there is something to do unless an alert or a configuration comes before. */
    private long nextRunMs;
    /** Whether one has come. */
    private boolean changed = true;
    /** No alert counts as over for its age before that. */
    private long nextExpiryMs;

    private final AlertCounts counts = new AlertCounts();

    Dispatcher(
            AlertDatabase database,
            DeliveryQueue queue,
            ExternalUrl externalUrl,
            DispatchCounters counters,
            History history) {
        this.database = database;
        this.queue = queue;
        this.externalUrl = externalUrl;
        this.counters = counters;
        this.silences = new Silences(database);
        this.desk = new Desk(database);
        this.history = history;
    }

    Desk desk() {
        return desk;
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
        log.putAll(content.log());
        silences.restore(content.silences(), content.recurring());
        desk.restore(content.acknowledgements());
        history.restore();
        queue.restore(content.deliveries().values(), nowMs);
        for (StoredAlert stored : content.alerts().values()) {
            stored.validUntilMs = Math.max(stored.validUntilMs, nowMs + config.resolveTimeoutMs());
            stored.alert = texts.share(stored.alert);
            add(stored);
            route(stored, nowMs);
        }
    }

    private void add(StoredAlert alert) {
        alerts.put(alert.alert.labels(), alert);
        byFingerprint = null;
        counts.update(alert);
        inhibitor.add(alert);
    }

    /** Routes by another configuration from now on; groups that are the same in both keep their timers. */
    void configure(AlertingConfig newConfig, SectionTemplates newTemplates, long nowMs) {
        changed = true;
        config = newConfig;
        counters.configured(newConfig);
        templates = newTemplates;
        inhibitor = new Inhibitor(newConfig.inhibitRules());
        mutedTimes = new MutedTimes(newConfig.timeIntervals());
        root = RouteNode.root(newConfig.root());
        Map<String, AlertGroup> before = new HashMap<>(groups);
        groups.clear();
        alerts.values().forEach(alert -> {
            alert.leaveAll();
            inhibitor.add(alert);
            route(alert, nowMs);
        });
        groups.forEach((key, group) -> {
            if (before.containsKey(key)) {
                group.continueTimer(before.get(key));
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
        long validUntilMs = each.validUntilMs() == 0 ? nowMs + config.resolveTimeoutMs() : each.validUntilMs();
        nextExpiryMs = Math.min(nextExpiryMs, validUntilMs);
        StoredAlert known = alerts.get(alert.labels());
        noteChange(known, alert, nowMs);
        if (known == null) {
            StoredAlert added = new StoredAlert(texts.share(alert), validUntilMs, nowMs);
            add(added);
            route(added, nowMs);
            database.put(added);
        } else {
            boolean news = known.update(alert, validUntilMs, nowMs);
            route(known, nowMs);
            if (news) {
                database.put(known);
                counts.update(known);
            }
        }
    }

    private void noteChange(StoredAlert known, Alert raised, long nowMs) {
        boolean fired = known != null && !known.isResolved();
        if (!raised.isResolved() && !fired) {
            history.alert(nowMs, Kind.FIRING, raised, "", "");
        } else if (raised.isResolved() && fired) {
            over(raised, nowMs, "", "");
        }
    }

    private void over(Alert alert, long nowMs, String who, String why) {
        history.alert(nowMs, who.isEmpty() ? Kind.RESOLVED : Kind.ENDED, alert, who, why);
        // Whoever looked after it is done; if it comes again that is another matter.
        desk.remove(alert.labels());
    }

    private List<StoredAlert> firing(List<Matcher> which) {
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

    List<Acknowledgement> acknowledge(
            List<Matcher> which, String by, String comment, long untilMs, long resolveAfterMs, long nowMs) {
        List<Acknowledgement> made = new ArrayList<>();
        for (StoredAlert alert : firing(which)) {
            Acknowledgement each =
                    new Acknowledgement(alert.alert.labels(), by, comment, nowMs, untilMs, resolveAfterMs);
            desk.put(each);
            history.alert(nowMs, Kind.ACKNOWLEDGED, alert.alert, by, comment);
            made.add(each);
        }
        nextExpiryMs = 0;
        changed = true;
        return made;
    }

    int unacknowledge(List<Matcher> which, String by, long nowMs) {
        int taken = 0;
        for (StoredAlert alert : alerts.values()) {
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
        for (StoredAlert alert : firing(which)) {
            List<Matcher> exactly = new ArrayList<>();
            Labels labels = alert.alert.labels();
            for (int i = 0; i < labels.size(); i++) {
                exactly.add(Matcher.equal(labels.name(i), labels.value(i)));
            }
            ids.add(silences.put(new Silence("", exactly, nowMs, untilMs, nowMs, by, comment, Labels.EMPTY), nowMs));
            history.alert(nowMs, Kind.SNOOZED, alert.alert, by, comment);
            forgetTold(alert.fingerprint());
        }
        changed = true;
        return ids;
    }

    private void forgetTold(long fingerprint) {
        log.replaceAll((lane, entry) -> {
            if (!entry.firing().contains(fingerprint)) {
                return entry;
            }
            Set<Long> others = new HashSet<>(entry.firing());
            others.remove(fingerprint);
            LogEntry less = new LogEntry(others, entry.resolved(), entry.atMs(), entry.expiresMs());
            database.put(lane, less);
            return less;
        });
    }

    int end(List<Matcher> which, String by, String comment, long nowMs) {
        List<StoredAlert> ended = firing(which);
        for (StoredAlert alert : ended) {
            alert.resolve(nowMs);
            counts.update(alert);
            database.put(alert);
            over(alert.alert, nowMs, by, comment);
        }
        changed = true;
        return ended.size();
    }

    private void route(StoredAlert alert, long nowMs) {
        if (alert.isRouted()) {
            alert.groups().forEach(group -> group.add(alert, nowMs));
            return;
        }
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
        if (nowMs >= nextExpiryMs) {
            resolveExpired(nowMs);
        }
        nextRunMs = Math.min(nextRunMs, nextExpiryMs);
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
        counters.alerts(counts.firing(), counts.suppressed());
        counters.state(groups.size(), silences.counts(nowMs));
        return nextRunMs;
    }

    private void resolveExpired(long nowMs) {
        nextExpiryMs = Long.MAX_VALUE;
        for (StoredAlert alert : alerts.values()) {
            if (!alert.isResolved()) {
                long validUntilMs = desk.validUntilMs(alert);
                if (validUntilMs <= nowMs) {
                    alert.resolve(validUntilMs);
                    counts.update(alert);
                    database.put(alert);
                    over(alert.alert, nowMs, "", "it was not raised again");
                } else {
                    nextExpiryMs = Math.min(nextExpiryMs, validUntilMs);
                }
            }
        }
    }

    private void forgetExpired(long nowMs) {
        long start = System.nanoTime();
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
        long logDone = System.nanoTime();
        silences.forgetExpired(nowMs - RETENTION_MS);
        counters.ofState().cleanup(logDone - start, System.nanoTime() - logDone);
        desk.forgetExpired(nowMs);
        history.forgetOld(nowMs);
    }

    private void flush(AlertGroup group, long nowMs) {
        List<StoredAlert> told = unmuted(group, nowMs);
        List<Alert> sorted = AlertGroup.sorted(told);
        Set<Long> firing = new HashSet<>();
        Set<Long> resolved = new HashSet<>();
        for (StoredAlert alert : told) {
            (alert.isResolved() ? resolved : firing).add(alert.fingerprint());
        }
        Receiver receiver = config.receivers().get(group.route().receiver());
        int sections =
                receiver == null || told.isEmpty() ? 0 : receiver.sections().size();
        for (int i = 0; i < sections; i++) {
            Section section = receiver.sections().get(i);
            notify(group, SectionKey.of(receiver, i), section.sendResolved(), sorted, firing, resolved, nowMs);
        }
        for (StoredAlert gone : group.flushed(nowMs)) {
            if (gone.groups().isEmpty()) {
                alerts.remove(gone.alert.labels());
                byFingerprint = null;
                inhibitor.remove(gone);
                database.remove(gone);
            }
        }
    }

    /** Those of the group that may be told now. */
    private List<StoredAlert> unmuted(AlertGroup group, long nowMs) {
        List<StoredAlert> all = group.all();
        if (!mutedTimes.muting(group.route(), nowMs).isEmpty()) {
            counters.suppressed(DispatchCounters.Suppression.TIME, all.size());
            return List.of();
        }
        List<StoredAlert> told = new ArrayList<>();
        for (StoredAlert alert : all) {
            alert.suppressed = true;
            counters.ofState().silenceQuery();
            if (!inhibitor.inhibiting(alert.alert.labels()).isEmpty()) {
                counters.suppressed(DispatchCounters.Suppression.INHIBITION, 1);
            } else if (!silences.silencing(alert, nowMs).isEmpty()) {
                counters.suppressed(DispatchCounters.Suppression.SILENCE, 1);
            } else {
                alert.suppressed = false;
                told.add(alert);
            }
            counts.update(alert);
        }
        return told;
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
        counters.ofState().logQuery();
        long repeatMs = group.route().repeatIntervalMs();
        Optional<String> reason = told != null
                ? told.reason(firing, resolved, sendResolved, repeatMs, nowMs)
                : firing.isEmpty() ? Optional.empty() : Optional.of(Notification.FIRST);
        boolean repeats = reason.isPresent() && reason.get().equals(LogEntry.REPEAT);
        if (reason.isEmpty()) {
            return;
        }
        if (repeats && desk.areAcknowledged(group.all(), firing, nowMs)) {
            keepTold(lane, told, repeatMs, nowMs);
            return;
        }
        List<Alert> sent = sendResolved
                ? sorted
                : sorted.stream().filter(alert -> !alert.isResolved()).toList();
        if (!sent.isEmpty()) {
            Notification notification = notification(group, section.receiver(), sent, reason.get());
            history.notification(nowMs, section, notification);
            queue.add(section, notification, nowMs, nowMs + 2 * repeatMs);
        }
        LogEntry entry = new LogEntry(firing, resolved, nowMs, nowMs + Math.min(2 * repeatMs, RETENTION_MS));
        log.put(lane, entry);
        database.put(lane, entry);
    }

    /** What was told stays known while nothing is repeated, else it would be news some day. */
    private void keepTold(String lane, LogEntry told, long repeatMs, long nowMs) {
        if (told.expiresMs() < nowMs + repeatMs) {
            LogEntry longer = new LogEntry(
                    told.firing(), told.resolved(), told.atMs(), nowMs + Math.min(2 * repeatMs, RETENTION_MS));
            log.put(lane, longer);
            database.put(lane, longer);
        }
    }

    private Notification notification(AlertGroup group, String receiver, List<Alert> sent, String reason) {
        Labels labels = group.route().labels();
        Notification raw =
                new Notification(receiver, group.key(), group.labels(), sent, externalUrl.get(), reason, Labels.EMPTY);
        try {
            labels = templates.routeLabels(labels, raw);
        } catch (TemplateException e) {
            // The notification matters more than a label; what is wrong shows in it.
            LOG.warn("A label of the route to {} cannot be made: {}", receiver, e.getMessage());
        }
        return new Notification(receiver, group.key(), group.labels(), sent, externalUrl.get(), reason, labels);
    }

    /** All alerts with what becomes of them, in the order of their fingerprints. */
    List<Alertmanager.AlertState> alertStates(long nowMs) {
        if (byFingerprint == null) {
            byFingerprint = new ArrayList<>(alerts.values());
            byFingerprint.sort(StoredAlert.BY_FINGERPRINT);
        }
        return states(nowMs).of(byFingerprint);
    }

    /** All groups, in no particular order, with their alerts in that of their fingerprints. */
    List<Alertmanager.GroupState> groupStates(long nowMs) {
        return states(nowMs).ofGroups(groups.values());
    }

    private AlertStates states(long nowMs) {
        return new AlertStates(silences, inhibitor, mutedTimes, nowMs);
    }

    /** Puts all state into the database, which is empty. */
    void writeAll() {
        alerts.values().forEach(database::put);
        log.forEach(database::put);
        silences.writeAll();
        desk.writeAll();
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
