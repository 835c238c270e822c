package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.narthex.alert.ExternalUrl;
import org.narthex.alert.template.TemplateException;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Notification;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.AlertingConfig.Section;
import org.narthex.api.model.Labels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides for a group whose time has come what each section of its receiver must be told, and puts that into the queue together with its entry in the
 * log, in one transaction: after a kill it is neither lost nor made again. Belongs to the dispatcher's thread.
 */
final class GroupNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(GroupNotifier.class);

    private final DispatchSettings settings;
    private final KnownAlerts alerts;
    private final Silences silences;
    private final Desk desk;
    private final NotificationLog log;
    private final DeliveryQueue queue;
    private final History history;
    private final DispatchCounters counters;
    private final ExternalUrl externalUrl;
    private AlertingConfig config;
    private SectionTemplates templates;
    private MutedTimes mutedTimes;

    GroupNotifier(
            KnownAlerts alerts,
            Silences silences,
            Desk desk,
            NotificationLog log,
            DeliveryQueue queue,
            History history,
            DispatchCounters counters,
            ExternalUrl externalUrl,
            DispatchSettings settings) {
        this.settings = settings;
        this.alerts = alerts;
        this.silences = silences;
        this.desk = desk;
        this.log = log;
        this.queue = queue;
        this.history = history;
        this.counters = counters;
        this.externalUrl = externalUrl;
    }

    void configure(AlertingConfig newConfig, SectionTemplates newTemplates) {
        config = newConfig;
        templates = newTemplates;
        mutedTimes = new MutedTimes(newConfig.timeIntervals());
    }

    MutedTimes mutedTimes() {
        return mutedTimes;
    }

    void flush(AlertGroup group, long nowMs) {
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
            if (!alerts.inhibitor().inhibiting(alert.alert.labels()).isEmpty()) {
                counters.suppressed(DispatchCounters.Suppression.INHIBITION, 1);
            } else if (!silences.silencing(alert, nowMs).isEmpty()) {
                counters.suppressed(DispatchCounters.Suppression.SILENCE, 1);
            } else {
                alert.suppressed = false;
                told.add(alert);
            }
            alerts.counts().update(alert);
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
        Optional<LogEntry> told = log.find(lane);
        counters.ofState().logQuery();
        long repeatMs = group.route().repeatIntervalMs();
        Optional<String> reason = told.isPresent()
                ? told.get().reason(firing, resolved, sendResolved, repeatMs, nowMs)
                : firing.isEmpty() ? Optional.empty() : Optional.of(Notification.FIRST);
        if (reason.isEmpty()) {
            return;
        }
        long expiresMs = nowMs + Math.min(2 * repeatMs, settings.retentionMs());
        boolean repeats = reason.get().equals(LogEntry.REPEAT);
        if (repeats && desk.areAcknowledged(group.all(), firing, nowMs)) {
            // What was told stays known while nothing is repeated, else it would be news some day.
            told.filter(entry -> entry.expiresMs() < nowMs + repeatMs)
                    .ifPresent(entry -> log.put(lane, entry.until(expiresMs)));
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
        log.put(lane, new LogEntry(firing, resolved, nowMs, expiresMs, log.memo(lane)));
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
}
