package org.narthex.alert.dispatch;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.Silence;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/**
 * The bytes of the dispatcher's state. Every value begins with a version byte, 3; integers are big-endian. Values of earlier versions lack what is said to be
 * of a later one.
 *
 * <pre>
 * text      int32 bytes, UTF-8
 * labels    int32 count, then text name, text value of each
 * alert     labels, labels annotations, int64 startsAt ms, int64 endsAt ms (0: fires), text generatorUrl
 * stored    byte 3, alert, int64 validUntil ms, of version 2: int64 updatedAt ms
 * entry     byte 3, text lane, int32 count, int64 fingerprint of each firing; the same of resolved; int64 at ms, int64 expires ms,
 *           of version 3: text memo
 * delivery  byte 3, int64 id, text receiver, text type, int32 index, text groupKey, labels groupLabels,
 *           text externalUrl, int64 created ms, int64 giveUp ms, int32 count, alerts,
 *           of version 2: text reason, labels routeLabels
 * silence   byte 3, text id, int32 count, matchers (text operator, text name, text value), int64 startsAt ms, int64 endsAt ms,
 *           int64 updatedAt ms, text createdBy, text comment, labels annotations
 * </pre>
 */
final class StateFormat {
    static final byte VERSION = 3;
    /** What is longer than that was never written by us. */
    private static final int MAX_LENGTH = 64 << 20;

    private StateFormat() {}

    /** What was written into a new buffer. */
    static byte[] bytes(Consumer<StateBuffer> writer) {
        StateBuffer out = new StateBuffer(256);
        writer.accept(out);
        return out.toByteArray();
    }

    static DataInputStream open(byte[] bytes) throws IOException {
        DataInputStream in = stream(bytes);
        version(in);
        return in;
    }

    static DataInputStream stream(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    /** Reads the byte that a value begins with. */
    static void version(DataInputStream in) throws IOException {
        byte version = in.readByte();
        if (version < 1 || version > VERSION) {
            throw new IOException("alert state of version " + version + ", known are those up to " + VERSION);
        }
    }

    private static boolean isFirstVersion(byte[] bytes) {
        return bytes[0] == 1;
    }

    static void write(StateBuffer out, StoredAlert stored) {
        out.writeByte(VERSION);
        alert(out, stored.alert);
        out.writeLong(stored.validUntilMs);
        out.writeLong(stored.updatedAtMs);
    }

    static StoredAlert readAlert(byte[] bytes) throws IOException {
        DataInputStream in = open(bytes);
        Alert alert = alert(in);
        long validUntilMs = in.readLong();
        return new StoredAlert(alert, validUntilMs, isFirstVersion(bytes) ? alert.startsAtMs() : in.readLong());
    }

    static void write(StateBuffer out, String lane, LogEntry entry) {
        out.writeByte(VERSION);
        out.writeText(lane);
        fingerprints(out, entry.firing());
        fingerprints(out, entry.resolved());
        out.writeLong(entry.atMs());
        out.writeLong(entry.expiresMs());
        out.writeText(entry.memo());
    }

    static String readLane(byte[] entry) throws IOException {
        return text(open(entry));
    }

    static LogEntry readEntry(byte[] bytes) throws IOException {
        DataInputStream in = open(bytes);
        text(in);
        return new LogEntry(
                fingerprints(in), fingerprints(in), in.readLong(), in.readLong(), bytes[0] < 3 ? "" : text(in));
    }

    static void write(StateBuffer out, Delivery delivery) {
        out.writeByte(VERSION);
        Notification notification = delivery.notification();
        out.writeLong(delivery.id());
        out.writeText(delivery.section().receiver());
        out.writeText(delivery.section().type());
        out.writeInt(delivery.section().index());
        out.writeText(notification.groupKey());
        labels(out, notification.groupLabels());
        out.writeText(notification.externalUrl());
        out.writeLong(delivery.createdMs());
        out.writeLong(delivery.giveUpMs());
        out.writeInt(notification.alerts().size());
        for (Alert alert : notification.alerts()) {
            alert(out, alert);
        }
        out.writeText(notification.reason());
        labels(out, notification.routeLabels());
    }

    static void write(StateBuffer out, Silence silence) {
        out.writeByte(VERSION);
        out.writeText(silence.id());
        matchers(out, silence.matchers());
        out.writeLong(silence.startsAtMs());
        out.writeLong(silence.endsAtMs());
        out.writeLong(silence.updatedAtMs());
        out.writeText(silence.createdBy());
        out.writeText(silence.comment());
        labels(out, silence.annotations());
    }

    static void matchers(StateBuffer out, List<Matcher> matchers) {
        out.writeInt(matchers.size());
        for (Matcher matcher : matchers) {
            out.writeText(matcher.type().symbol());
            out.writeText(matcher.name());
            out.writeText(matcher.value());
        }
    }

    static List<Matcher> matchers(DataInputStream in) throws IOException {
        int count = length(in);
        List<Matcher> matchers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            matchers.add(Matcher.of(type(text(in)), text(in), text(in)));
        }
        return matchers;
    }

    private static Matcher.Type type(String symbol) throws IOException {
        for (Matcher.Type type : Matcher.Type.values()) {
            if (type.symbol().equals(symbol)) {
                return type;
            }
        }
        throw new IOException("a stored silence with the operator " + symbol);
    }

    static Silence readSilence(byte[] bytes) throws IOException {
        DataInputStream in = open(bytes);
        return new Silence(
                text(in), matchers(in), in.readLong(), in.readLong(), in.readLong(), text(in), text(in), labels(in));
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
                isFirstVersion(bytes)
                        ? new Notification(section.receiver(), groupKey, groupLabels, alerts, externalUrl)
                        : new Notification(
                                section.receiver(), groupKey, groupLabels, alerts, externalUrl, text(in), labels(in)),
                created,
                giveUp);
    }

    private static void alert(StateBuffer out, Alert alert) {
        labels(out, alert.labels());
        labels(out, alert.annotations());
        out.writeLong(alert.startsAtMs());
        out.writeLong(alert.endsAtMs());
        out.writeText(alert.generatorUrl());
    }

    private static Alert alert(DataInputStream in) throws IOException {
        return new Alert(labels(in), labels(in), in.readLong(), in.readLong(), text(in));
    }

    static void labels(StateBuffer out, Labels labels) {
        out.writeInt(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            out.writeText(labels.name(i));
            out.writeText(labels.value(i));
        }
    }

    static Labels labels(DataInputStream in) throws IOException {
        int count = length(in);
        Labels.Builder builder = Labels.builder();
        for (int i = 0; i < count; i++) {
            builder.set(text(in), text(in));
        }
        return builder.build();
    }

    private static void fingerprints(StateBuffer out, Set<Long> fingerprints) {
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

    static String text(DataInputStream in) throws IOException {
        byte[] utf8 = new byte[length(in)];
        in.readFully(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    static int length(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_LENGTH) {
            throw new IOException("alert state with a length of " + length);
        }
        return length;
    }
}
