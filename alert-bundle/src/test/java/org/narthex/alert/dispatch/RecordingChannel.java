package org.narthex.alert.dispatch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigNode;

/** Remembers what it was given, and fails as told. */
final class RecordingChannel implements AlertChannel {
    final List<Notification> taken = new ArrayList<>();
    int attempts;
    /** What every attempt throws; null to take it. */
    Throwable failure;

    @Override
    public void send(Notification notification, ConfigNode section) throws IOException, RejectedException {
        attempts++;
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RejectedException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        taken.add(notification);
    }

    /** {@code firing: A B, resolved: C} for each notification. */
    List<String> told() {
        List<String> told = new ArrayList<>();
        for (Notification each : taken) {
            StringBuilder line = new StringBuilder();
            each.alerts().forEach(alert -> line.append(line.isEmpty() ? "" : " ")
                    .append(alert.labels().get("alertname"))
                    .append(alert.isResolved() ? " resolved" : " firing"));
            told.add(line.toString());
        }
        return told;
    }
}
