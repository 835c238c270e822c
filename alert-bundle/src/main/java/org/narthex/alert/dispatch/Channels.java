package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.alert.AlertChannel;

/** The channels that are there now, by type. Of several of one type the one with the highest service ranking is used. Thread-safe. */
final class Channels {
    private record Entry(AlertChannel channel, int ranking) {}

    private final Map<String, List<Entry>> byType = new HashMap<>();

    synchronized void add(String type, AlertChannel channel, int ranking) {
        List<Entry> entries = byType.computeIfAbsent(type, key -> new ArrayList<>());
        int at = 0;
        while (at < entries.size() && entries.get(at).ranking >= ranking) {
            at++;
        }
        entries.add(at, new Entry(channel, ranking));
    }

    synchronized void remove(String type, AlertChannel channel) {
        List<Entry> entries = byType.getOrDefault(type, new ArrayList<>());
        entries.removeIf(entry -> entry.channel == channel);
        if (entries.isEmpty()) {
            byType.remove(type);
        }
    }

    synchronized Optional<AlertChannel> find(String type) {
        List<Entry> entries = byType.get(type);
        return entries == null ? Optional.empty() : Optional.of(entries.get(0).channel);
    }
}
