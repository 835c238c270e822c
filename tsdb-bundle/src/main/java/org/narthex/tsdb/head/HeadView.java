package org.narthex.tsdb.head;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.chunk.ChunkEncoder;
import org.narthex.tsdb.chunk.Intervals;
import org.narthex.tsdb.chunk.SeriesSource;
import org.narthex.tsdb.chunk.XorChunk;
import org.narthex.tsdb.encoding.CorruptionException;

/** The head as of one moment. Thread-safe; close it, since it keeps memory from being used again. */
public final class HeadView implements Closeable {
    private static final byte[] NO_BYTES = new byte[0];

    private final Head head;
    private final long epoch;
    private final long[][] views;
    private final Map<Integer, Intervals> tombstones;
    private final long visibleFromMs;

    HeadView(Head head, long epoch, long[][] views, Map<Integer, Intervals> tombstones, long visibleFromMs) {
        this.head = head;
        this.epoch = epoch;
        this.views = views;
        this.tombstones = tombstones;
        this.visibleFromMs = visibleFromMs;
    }

    long epoch() {
        return epoch;
    }

    /** Series found, in the order of their labels. */
    public final class Found implements SeriesSource {
        private final int[] slots;
        private final int[][] labels;

        private Found(int[] slots, int[][] labels) {
            this.slots = slots;
            this.labels = labels;
        }

        @Override
        public int size() {
            return slots.length;
        }

        @Override
        public Labels labels(int i) {
            return head.pairs.labels(labels[i]);
        }

        @Override
        public void read(int i, long minTimeMs, long maxTimeMs, SampleBuffer into) throws CorruptionException {
            HeadView.this.read(slots[i], minTimeMs, maxTimeMs, into);
        }

        /** Gives the chunks that begin in [from, to), as they are where nothing in them is hidden or deleted, else encoded anew. */
        public void chunks(int i, long fromMs, long toMs, ChunkEncoder.Sink sink) throws IOException {
            HeadView.this.chunks(slots[i], fromMs, toMs, sink);
        }
    }

    /** Series that match all matchers (all series if there are none) and have samples within inclusive bounds. */
    public Found select(Collection<Matcher> matchers, long minTimeMs, long maxTimeMs) {
        int[] slots;
        int[][] labels;
        int n = 0;
        long from = Math.max(minTimeMs, visibleFromMs);
        head.lock.lock();
        try {
            slots = new HeadMatch(head.pairs, head.series, List.copyOf(matchers)).slots();
            labels = new int[slots.length][];
            for (int slot : slots) {
                if (hasSamples(slot, from, maxTimeMs)) {
                    slots[n] = slot;
                    labels[n++] = head.series.page(slot).labels[SeriesTable.index(slot)];
                }
            }
        } finally {
            head.lock.unlock();
        }
        int[] order = new int[n];
        Arrays.setAll(order, i -> i);
        IntSort.sort(order, (a, b) -> head.pairs.compare(labels[a], labels[b]));
        int[] sortedSlots = new int[n];
        int[][] sortedLabels = new int[n][];
        for (int i = 0; i < n; i++) {
            sortedSlots[i] = slots[order[i]];
            sortedLabels[i] = labels[order[i]];
        }
        return new Found(sortedSlots, sortedLabels);
    }

    private long viewOf(int slot) {
        int page = slot >>> SeriesPage.BITS;
        return page < views.length ? views[page][SeriesTable.index(slot)] : SeriesPage.NOTHING;
    }

    private boolean hasSamples(int slot, long from, long to) {
        long view = viewOf(slot);
        if (view == SeriesPage.NOTHING || head.series.page(slot).lastTimeMs[SeriesTable.index(slot)] < from) {
            return false;
        }
        for (int chunk = (int) (view >>> 32); chunk != ChunkTable.NONE; chunk = head.chunks.previous(chunk)) {
            if (head.chunks.minTimeMs(chunk) <= to) {
                return head.chunks.maxTimeMs(chunk) >= from;
            }
        }
        return false;
    }

    /** The first sample's time, deleted ones included; {@link Long#MAX_VALUE} if there is none. */
    public long minTimeMs() {
        long min = Long.MAX_VALUE;
        for (int slot = 0; slot < views.length << SeriesPage.BITS; slot++) {
            long view = viewOf(slot);
            // An open chunk has no end yet: whether it is hidden, the series' newest sample tells.
            if (view != SeriesPage.NOTHING
                    && head.series.page(slot).lastTimeMs[SeriesTable.index(slot)] >= visibleFromMs) {
                int chunk = (int) (view >>> 32);
                while (chunk != ChunkTable.NONE && head.chunks.maxTimeMs(chunk) >= visibleFromMs) {
                    min = Math.min(min, Math.max(visibleFromMs, head.chunks.minTimeMs(chunk)));
                    chunk = head.chunks.previous(chunk);
                }
            }
        }
        return min;
    }

    /** Adds the names of labels of matching series, or of all. */
    public void labelNames(Collection<Matcher> matchers, long minTimeMs, long maxTimeMs, Set<String> into) {
        if (matchers.isEmpty() && coversAll(minTimeMs, maxTimeMs)) {
            head.lock.lock();
            try {
                for (LabelPairs.Name name : head.pairs.names()) {
                    into.add(name.text);
                }
            } finally {
                head.lock.unlock();
            }
            return;
        }
        Found found = select(matchers, minTimeMs, maxTimeMs);
        for (int[] labels : found.labels) {
            for (int pair : labels) {
                into.add(head.pairs.name(pair));
            }
        }
    }

    /** Adds the values of a label of matching series, or of all. */
    public void labelValues(
            String name, Collection<Matcher> matchers, long minTimeMs, long maxTimeMs, Set<String> into) {
        if (matchers.isEmpty() && coversAll(minTimeMs, maxTimeMs)) {
            head.lock.lock();
            try {
                LabelPairs.Name named = head.pairs.named(name);
                for (int i = 0; named != null && i < named.count(); i++) {
                    into.add(head.pairs.value(named.pair(i)));
                }
            } finally {
                head.lock.unlock();
            }
            return;
        }
        Found found = select(matchers, minTimeMs, maxTimeMs);
        for (int[] labels : found.labels) {
            for (int pair : labels) {
                if (head.pairs.name(pair).equals(name)) {
                    into.add(head.pairs.value(pair));
                }
            }
        }
    }

    /** Whether every series of the head has to be counted anyway, so that the index alone can answer. */
    private boolean coversAll(long minTimeMs, long maxTimeMs) {
        HeadStats stats = head.stats();
        return minTimeMs <= stats.minTimeMs() && maxTimeMs >= stats.maxTimeMs();
    }

    private void read(int slot, long minTimeMs, long maxTimeMs, SampleBuffer into) throws CorruptionException {
        long view = viewOf(slot);
        long from = Math.max(minTimeMs, visibleFromMs);
        if (view == SeriesPage.NOTHING) {
            return;
        }
        int newest = (int) (view >>> 32);
        int[] path = path(newest, from, maxTimeMs);
        int first = into.size();
        byte[] bytes = NO_BYTES;
        for (int i = path.length - 1; i >= 0; i--) {
            int chunk = path[i];
            int samples = chunk == newest ? (int) view : head.chunks.samples(chunk);
            bytes = head.slabs.copy(head.chunks.firstBlock(chunk), bytes, 0);
            XorChunk.decode(bytes, 0, XorChunk.end(bytes), samples, from, maxTimeMs, into);
        }
        Intervals deleted = tombstones.get(slot);
        if (deleted != null) {
            deleted.filter(into, first);
        }
    }

    /** The chunks that may have samples within inclusive bounds, newest first. */
    private int[] path(int newest, long from, long to) {
        int[] path = new int[8];
        int n = 0;
        for (int chunk = newest; chunk != ChunkTable.NONE; chunk = head.chunks.previous(chunk)) {
            if (head.chunks.maxTimeMs(chunk) < from) {
                break;
            }
            if (head.chunks.minTimeMs(chunk) <= to) {
                if (n == path.length) {
                    path = Arrays.copyOf(path, 2 * n);
                }
                path[n++] = chunk;
            }
        }
        return Arrays.copyOf(path, n);
    }

    private void chunks(int slot, long fromMs, long toMs, ChunkEncoder.Sink sink) throws IOException {
        long view = viewOf(slot);
        if (view == SeriesPage.NOTHING) {
            return;
        }
        int newest = (int) (view >>> 32);
        Intervals deleted = tombstones.getOrDefault(slot, Intervals.NONE);
        long from = Math.max(fromMs, visibleFromMs);
        List<Integer> path = new ArrayList<>();
        for (int chunk : path(newest, from, toMs - 1)) {
            path.add(0, chunk);
        }
        for (int chunk : path) {
            long minT = head.chunks.minTimeMs(chunk);
            long maxT = head.chunks.maxTimeMs(chunk);
            boolean whole = chunk != newest && minT >= from && maxT < toMs && !deleted.touches(minT, maxT);
            if (whole) {
                int samples = head.chunks.samples(chunk);
                byte[] bytes = head.slabs.copy(head.chunks.firstBlock(chunk), NO_BYTES, XorChunk.HEADER_BYTES);
                bytes[0] = (byte) (samples >>> 8);
                bytes[1] = (byte) samples;
                sink.chunk(
                        XorChunk.ENCODING,
                        minT,
                        maxT,
                        Arrays.copyOf(bytes, XorChunk.HEADER_BYTES + head.chunks.bytes(chunk)));
            } else {
                encodeAnew(chunk, chunk == newest ? (int) view : head.chunks.samples(chunk), from, toMs, deleted, sink);
            }
        }
    }

    private void encodeAnew(int chunk, int samples, long from, long toMs, Intervals deleted, ChunkEncoder.Sink sink)
            throws IOException {
        SampleBuffer buffer = new SampleBuffer();
        byte[] bytes = head.slabs.copy(head.chunks.firstBlock(chunk), NO_BYTES, 0);
        XorChunk.decode(bytes, 0, XorChunk.end(bytes), samples, from, toMs - 1, buffer);
        deleted.filter(buffer, 0);
        new ChunkEncoder(XorChunk.MAX_SAMPLES).encode(buffer, 0, buffer.size(), sink);
    }

    @Override
    public void close() {
        head.closed(this);
    }
}
