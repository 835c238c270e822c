package org.narthex.alert.dispatch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.Predicate;

import org.narthex.api.alert.AlertDesk.Event;

/**
 * The history on disk, in pages: what comes between two commits is one value, for thousands of small ones would cost the database far more. A page
 * is found by the id of its last event. Used by the dispatcher's thread alone.
 */
final class EventPages {
    private static final int PAGE_BYTES = 32 << 10;

    private final ConcurrentNavigableMap<Long, byte[]> pages;
    /** The page that is not in the database yet. */
    private final StateBuffer open = new StateBuffer(PAGE_BYTES);

    private long lastId;

    EventPages(ConcurrentNavigableMap<Long, byte[]> pages) {
        this.pages = pages;
        this.lastId = pages.isEmpty() ? 0 : pages.lastKey();
    }

    /** 0 if there is no event. */
    long lastId() {
        return lastId;
    }

    /** Takes an event whose id is above all others; it is in the database after {@link #flush}. */
    void add(Event event) {
        DeskFormat.write(open, event);
        lastId = event.id();
        if (open.size() >= PAGE_BYTES) {
            flush();
        }
    }

    void flush() {
        if (open.size() > 0) {
            pages.put(lastId, open.toByteArray());
            open.reset();
        }
    }

    /** Shows events, the newest first, for as long as {@code more} says that it wants more. */
    void backwards(Predicate<Event> more) throws IOException {
        flush();
        for (byte[] page : pages.descendingMap().values()) {
            List<Event> events = DeskFormat.readEvents(page);
            for (int i = events.size() - 1; i >= 0; i--) {
                if (!more.test(events.get(i))) {
                    return;
                }
            }
        }
    }

    /** Forgets pages all of whose events are older. */
    void removeBefore(long timeMs) throws IOException {
        List<Long> old = new ArrayList<>();
        for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
            List<Event> events = DeskFormat.readEvents(page.getValue());
            if (events.get(events.size() - 1).atMs() >= timeMs) {
                break;
            }
            old.add(page.getKey());
        }
        old.forEach(pages::remove);
    }
}
