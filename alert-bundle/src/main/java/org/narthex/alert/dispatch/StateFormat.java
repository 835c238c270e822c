package org.narthex.alert.dispatch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Notification;
import org.narthex.api.model.Labels;

/**
 * The bytes of the dispatcher's state. Every value begins with a version byte, 1; integers are big-endian.
 *
 * <pre>
 * text      int32 bytes, UTF-8
 * labels    int32 count, then text name, text value of each
 * alert     labels, labels annotations, int64 startsAt ms, int64 endsAt ms (0: fires), text generatorUrl
 * stored    byte 1, alert, int64 validUntil ms
 * entry     byte 1, int32 count, int64 fingerprint of each firing; the same of resolved; int64 at ms, int64 expires ms
 * delivery  byte 1, int64 id, text receiver, text type, int32 index, text groupKey, labels groupLabels,
 *           text externalUrl, int64 created ms, int64 giveUp ms, int32 count, alerts
 * </pre>
 */
final class StateFormat {
    private static final byte VERSION = 1;
    /** What is longer than that was never written by us. */
    private static final int MAX_LENGTH = 64 << 20;

    private StateFormat() {}

    @FunctionalInterface
    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writer writer) {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(buffer)) {
            out.writeByte(VERSION);
            writer.write(out);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return buffer.toByteArray();
    }

    private static DataInputStream open(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        byte version = in.readByte();
        if (version != VERSION) {
            throw new IOException("alert state of version " + version + ", known is " + VERSION);
        }
        return in;
    }

    static byte[] write(StoredAlert stored) {
        return bytes(out -> {
            alert(out, stored.alert);
            out.writeLong(stored.validUntilMs);
        });
    }

    static StoredAlert readAlert(byte[] bytes) throws IOException {
        DataInputStream in = open(bytes);
        return new StoredAlert(alert(in), in.readLong());
    }

    static byte[] write(LogEntry entry) {
        return bytes(out -> {
            fingerprints(out, entry.firing());
            fingerprints(out, entry.resolved());
            out.writeLong(entry.atMs());
            out.writeLong(entry.expiresMs());
        });
    }

    static LogEntry readEntry(byte[] bytes) throws IOException {
        DataInputStream in = open(bytes);
        return new LogEntry(fingerprints(in), fingerprints(in), in.readLong(), in.readLong());
    }

    static byte[] write(Delivery delivery) {
        return bytes(out -> {
            Notification notification = delivery.notification();
            out.writeLong(delivery.id());
            text(out, delivery.section().receiver());
            text(out, delivery.section().type());
            out.writeInt(delivery.section().index());
            text(out, notification.groupKey());
            labels(out, notification.groupLabels());
            text(out, notification.externalUrl());
            out.writeLong(delivery.createdMs());
            out.writeLong(delivery.giveUpMs());
            out.writeInt(notification.alerts().size());
            for (Alert alert : notification.alerts()) {
                alert(out, alert);
            }
        });
    }

    static Delivery readDelivery(byte[] bytes) throws IOException {
        DataInputStream in = open(bytes);
        long id = in.readLong();
        SectionKey section = new SectionKey(text(in), text(in), in.readInt());
        String groupKey = text(in);
        Labels groupLabels = labels(in);
        String externalUrl = text(in);
        long created = in.readLong();
        long giveUp = in.readLong();
        int count = length(in);
        List<Alert> alerts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            alerts.add(alert(in));
        }
        if (alerts.isEmpty()) {
            throw new IOException("a stored notification without alerts, group " + groupKey);
        }
        return new Delivery(
                id,
                section,
                new Notification(section.receiver(), groupKey, groupLabels, alerts, externalUrl),
                created,
                giveUp);
    }

    private static void alert(DataOutputStream out, Alert alert) throws IOException {
        labels(out, alert.labels());
        labels(out, alert.annotations());
        out.writeLong(alert.startsAtMs());
        out.writeLong(alert.endsAtMs());
        text(out, alert.generatorUrl());
    }

    private static Alert alert(DataInputStream in) throws IOException {
        return new Alert(labels(in), labels(in), in.readLong(), in.readLong(), text(in));
    }

    private static void labels(DataOutputStream out, Labels labels) throws IOException {
        out.writeInt(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            text(out, labels.name(i));
            text(out, labels.value(i));
        }
    }

    private static Labels labels(DataInputStream in) throws IOException {
        int count = length(in);
        Labels.Builder builder = Labels.builder();
        for (int i = 0; i < count; i++) {
            builder.set(text(in), text(in));
        }
        return builder.build();
    }

    private static void fingerprints(DataOutputStream out, Set<Long> fingerprints) throws IOException {
        out.writeInt(fingerprints.size());
        for (long fingerprint : fingerprints) {
            out.writeLong(fingerprint);
        }
    }

    private static Set<Long> fingerprints(DataInputStream in) throws IOException {
        int count = length(in);
        Set<Long> fingerprints = new HashSet<>();
        for (int i = 0; i < count; i++) {
            fingerprints.add(in.readLong());
        }
        return fingerprints;
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String text(DataInputStream in) throws IOException {
        byte[] utf8 = new byte[length(in)];
        in.readFully(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static int length(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_LENGTH) {
            throw new IOException("alert state with a length of " + length);
        }
        return length;
    }
}
