package org.narthex.alert.dispatch;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Small values on disk, some of them together in a page: the database takes about as long for a page as it would for one of them, and thousands may
 * come at once. What comes together stays together, so that it is also written again together; a large one is by itself. Used by the dispatcher's thread
 * alone.
 *
 * <pre>
 * page  for each value: int32 length, bytes
 * </pre>
 */
final class Pages<T> {
    /** What the values of a page weigh together, unless it has but one. */
    private static final int WEIGHT = 32;

    private static final class Page<T> {
        private final long id;
        private final List<T> values = new ArrayList<>();
        private int weight;

        private Page(long id) {
            this.id = id;
        }
    }

    /** Reads one value. */
    @FunctionalInterface
    interface Reader<T> {
        T read(byte[] bytes) throws IOException;
    }

    private final ConcurrentNavigableMap<Long, byte[]> stored;
    private final Function<T, Object> key;
    private final ToIntFunction<T> weight;
    private final BiConsumer<StateBuffer, T> writer;
    private final Map<Object, Page<T>> pages = new HashMap<>();
    /** Those that are not as they are in the database. */
    private final Set<Page<T>> changed = new LinkedHashSet<>();
    /** Those that had lost half of their weight or more when they were last looked at. */
    private final Deque<Page<T>> roomy = new ArrayDeque<>();

    private final StateBuffer buffer = new StateBuffer(16 << 10);
    private Page<T> open;
    private long lastId;

    /**
     * @param key what is the same for values of which one replaces the other
     * @param weight about how long a value is, in some hundred bytes; at least 1, and the same for values of equal key
     */
    Pages(
            ConcurrentNavigableMap<Long, byte[]> stored,
            Function<T, Object> key,
            ToIntFunction<T> weight,
            BiConsumer<StateBuffer, T> writer) {
        this.stored = stored;
        this.key = key;
        this.weight = weight;
        this.writer = writer;
        this.lastId = stored.isEmpty() ? 0 : stored.lastKey();
        this.open = newPage();
    }

    private Page<T> newPage() {
        return new Page<>(++lastId);
    }

    /** All values on disk; to be called once, before all changes. */
    List<T> read(Reader<T> reader) throws IOException {
        List<T> all = new ArrayList<>();
        for (Map.Entry<Long, byte[]> entry : stored.entrySet()) {
            Page<T> page = new Page<>(entry.getKey());
            DataInputStream in = StateFormat.stream(entry.getValue());
            while (in.available() > 0) {
                byte[] bytes = new byte[StateFormat.length(in)];
                in.readFully(bytes);
                T value = reader.read(bytes);
                page.values.add(value);
                page.weight += weight.applyAsInt(value);
                pages.put(key.apply(value), page);
                all.add(value);
            }
            if (page.weight <= WEIGHT / 2) {
                roomy.add(page);
            }
        }
        return all;
    }

    /** Adds a value, or replaces one; it is in the database after {@link #flush}. */
    void put(T value) {
        Object its = key.apply(value);
        Page<T> page = pages.get(its);
        if (page == null) {
            page = pageWithRoom(weight.applyAsInt(value));
            page.values.add(value);
            pages.put(its, page);
        } else {
            page.values.replaceAll(each -> key.apply(each).equals(its) ? value : each);
        }
        changed.add(page);
    }

    private Page<T> pageWithRoom(int more) {
        if (more > WEIGHT) {
            Page<T> own = newPage();
            own.weight = more;
            return own;
        }
        while (open.weight > 0 && open.weight + more > WEIGHT) {
            open = roomy.isEmpty() ? newPage() : roomy.removeFirst();
        }
        open.weight += more;
        return open;
    }

    void remove(Object its) {
        Page<T> page = pages.remove(its);
        if (page != null) {
            boolean wasFull = page.weight > WEIGHT / 2;
            page.values.removeIf(each -> key.apply(each).equals(its) && lighten(page, each));
            if (wasFull && page.weight <= WEIGHT / 2) {
                roomy.add(page);
            }
            changed.add(page);
        }
    }

    private boolean lighten(Page<T> page, T gone) {
        page.weight -= weight.applyAsInt(gone);
        return true;
    }

    void flush() {
        for (Page<T> page : changed) {
            if (page.values.isEmpty()) {
                stored.remove(page.id);
            } else {
                stored.put(page.id, bytes(page));
            }
        }
        changed.clear();
    }

    private byte[] bytes(Page<T> page) {
        buffer.reset();
        for (T value : page.values) {
            int start = buffer.size();
            buffer.writeInt(0);
            writer.accept(buffer, value);
            buffer.setInt(start, buffer.size() - start - Integer.BYTES);
        }
        return buffer.toByteArray();
    }

    void clear() {
        stored.clear();
        pages.clear();
        changed.clear();
        roomy.clear();
        open = newPage();
    }
}
