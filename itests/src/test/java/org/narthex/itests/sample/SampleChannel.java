package org.narthex.itests.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.narthex.api.alert.Alert;
import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.osgi.service.component.annotations.Component;

/** Writes a line per alert into the file that its section names. */
@Component(property = AlertChannel.TYPE + "=logbook")
public final class SampleChannel implements AlertChannel {
    @Override
    public void check(ConfigNode section) throws ConfigException {
        section.require("file").text();
    }

    @Override
    public void send(Notification notification, ConfigNode section) throws IOException, RejectedException {
        StringBuilder lines = new StringBuilder();
        for (Alert alert : notification.alerts()) {
            lines.append(alert.isResolved() ? "resolved " : "firing ")
                    .append(alert.labels().get("alertname"))
                    .append('\n');
        }
        try {
            Files.writeString(
                    Path.of(section.require("file").text()),
                    lines,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (ConfigException e) {
            throw new RejectedException(e.getMessage(), e);
        }
    }
}
