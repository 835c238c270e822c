package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.narthex.api.alert.Alertmanager.AlertState;
import org.narthex.api.alert.Alertmanager.GroupState;
import org.narthex.api.config.AlertingConfig.Route;

/** Says what becomes of alerts at a moment. There may be very many: lists that several have in common are not made anew for each. */
final class AlertStates {
    private final Silences silences;
    private final Inhibitor inhibitor;
    private final MutedTimes mutedTimes;
    private final long nowMs;

    AlertStates(Silences silences, Inhibitor inhibitor, MutedTimes mutedTimes, long nowMs) {
        this.silences = silences;
        this.inhibitor = inhibitor;
        this.mutedTimes = mutedTimes;
        this.nowMs = nowMs;
    }

    List<AlertState> of(Collection<StoredAlert> alerts) {
        List<AlertState> states = new ArrayList<>(alerts.size());
        for (StoredAlert alert : alerts) {
            List<AlertGroup> groups = alert.groups();
            states.add(
                    groups.size() == 1
                            ? of(
                                    alert,
                                    groups.get(0).receivers(),
                                    muting(groups.get(0).route()))
                            : ofSeveral(alert, groups));
        }
        return states;
    }

    private AlertState ofSeveral(StoredAlert alert, List<AlertGroup> groups) {
        Set<String> receivers = new LinkedHashSet<>();
        Set<String> muted = new LinkedHashSet<>();
        groups.forEach(group -> {
            receivers.addAll(group.receivers());
            muted.addAll(muting(group.route()));
        });
        return of(alert, List.copyOf(receivers), List.copyOf(muted));
    }

    private AlertState of(StoredAlert alert, List<String> receivers, List<String> muted) {
        return new AlertState(
                alert.alert,
                alert.isResolved() ? alert.alert.endsAtMs() : alert.validUntilMs,
                alert.updatedAtMs,
                receivers,
                silences.silencing(alert, nowMs),
                inhibitor.inhibiting(alert.alert.labels()),
                muted);
    }

    private List<String> muting(Route route) {
        return mutedTimes.muting(route, nowMs);
    }

    List<GroupState> ofGroups(Collection<AlertGroup> groups) {
        List<GroupState> states = new ArrayList<>(groups.size());
        for (AlertGroup group : groups) {
            List<String> muted = muting(group.route());
            List<StoredAlert> sorted = new ArrayList<>(group.all());
            sorted.sort(StoredAlert.BY_FINGERPRINT);
            List<AlertState> alerts = new ArrayList<>(sorted.size());
            sorted.forEach(alert -> alerts.add(of(alert, group.receivers(), muted)));
            if (!alerts.isEmpty()) {
                states.add(new GroupState(
                        group.route().receiver(), group.labels(), group.route().labels(), alerts));
            }
        }
        return states;
    }
}
