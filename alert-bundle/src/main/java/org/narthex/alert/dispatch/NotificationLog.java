package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What each lane was told last, kept in the database: so that nobody is told twice, nor is anything forgotten, over a kill. Belongs to the dispatcher's thread. */
final class NotificationLog {
    private final AlertDatabase database;
    private final Map<String, LogEntry> entries = new HashMap<>();

    NotificationLog(AlertDatabase database) {
        this.database = database;
    }

    void restore(Map<String, LogEntry> kept) {
        entries.putAll(kept);
    }

    void writeAll() {
        entries.forEach(database::put);
    }

    Optional<LogEntry> find(String lane) {
        return Optional.ofNullable(entries.get(lane));
    }

    void put(String lane, LogEntry entry) {
        entries.put(lane, entry);
        database.put(lane, entry);
    }

    private void remove(String lane) {
        entries.remove(lane);
        database.removeEntry(lane);
    }

    /** What the channel wants to know when it is next called for the lane; empty if there is nothing. */
    String memo(String lane) {
        return find(lane).map(LogEntry::memo).orElse("");
    }

    /** Notes what a channel wants to know next time. */
    void remember(String lane, String memo) {
        LogEntry entry = entries.get(lane);
        if (entry != null && !entry.memo().equals(memo)) {
            put(lane, entry.withMemo(memo));
        }
    }

    /** A notification was refused: the section does not know what it said, so while the group fires it is told anew at the next flush. */
    void refused(Delivery delivery) {
        LogEntry told = entries.get(delivery.lane());
        if (told != null && told.atMs() == delivery.createdMs()) {
            remove(delivery.lane());
        }
    }

    /** What was told of an alert is forgotten: it will be news. */
    void forgetTold(long fingerprint) {
        entries.replaceAll((lane, entry) -> {
            if (!entry.firing().contains(fingerprint)) {
                return entry;
            }
            Set<Long> others = new HashSet<>(entry.firing());
            others.remove(fingerprint);
            LogEntry less = entry.withFiring(others);
            database.put(lane, less);
            return less;
        });
    }

    void forgetExpired(long nowMs) {
        List<String> expired = new ArrayList<>();
        entries.forEach((lane, entry) -> {
            if (entry.expiresMs() < nowMs) {
                expired.add(lane);
            }
        });
        expired.forEach(this::remove);
    }
}
