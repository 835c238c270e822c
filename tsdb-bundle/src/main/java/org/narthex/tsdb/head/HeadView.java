package org.narthex.tsdb.head;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.chunk.ChunkCodec;
import org.narthex.tsdb.chunk.Intervals;
import org.narthex.tsdb.chunk.SeriesSource;
import org.narthex.tsdb.chunk.SortedRuns;
import org.narthex.tsdb.chunk.XorChunk;
import org.narthex.tsdb.headchunk.HeadChunk;

/** The head as of one moment. Thread-safe; close it, since it keeps memory from being used again. */
public final class HeadView implements Closeable {
    private static final byte[] NO_BYTES = new byte[0];

    private final Head head;
    private final long epoch;
    private final long[][] views;
    private final Map<Integer, Intervals> tombstones;
    private final long visibleFromMs;
    /** Out-of-order samples of batches after the first number and up to the last one are shown. */
    private final LongPredicate isShown;

    private final long lastBatch;

    HeadView(Head head, long epoch, long[][] views, long lateFromBatch, long lastBatch) {
        this.head = head;
        this.epoch = epoch;
        this.views = views;
        this.tombstones = head.tombstones();
        this.visibleFromMs = head.visibleFromMs();
        this.lastBatch = lastBatch;
        this.isShown = batch -> batch > lateFromBatch && batch <= lastBatch;
    }

    long epoch() {
        return epoch;
    }

    /** The newest batch shown. */
    public long lastBatch() {
        return lastBatch;
    }

    /** Series found, in the order of their labels. */
    public final class Found implements SeriesSource {
        private final int[] slots;
        private final int[][] labels;
        private final SlotReader reader;

        private Found(int[] slots, int[][] labels, SlotReader reader) {
            this.slots = slots;
            this.labels = labels;
            this.reader = reader;
        }

        @Override
        public int size() {
            return slots.length;
        }

        @Override
        public Labels labels(int i) {
            return head.pairs.labels(labels[i]);
        }

        /** Adds all label names and values to a set. */
        public void symbols(Set<String> into) {
            boolean[] seen = new boolean[head.pairs.limit()];
            for (int[] own : labels) {
                for (int pair : own) {
                    if (!seen[pair]) {
                        seen[pair] = true;
                        into.add(head.pairs.name(pair));
                        into.add(head.pairs.value(pair));
                    }
                }
            }
        }

        @Override
        public void read(int i, long minTimeMs, long maxTimeMs, SampleBuffer into) throws IOException {
            reader.read(slots[i], minTimeMs, maxTimeMs, into);
        }
    }

    /** Series that match all matchers (all series if there are none) and have samples in order within inclusive bounds. */
    public Found select(Collection<Matcher> matchers, long minTimeMs, long maxTimeMs) {
        long from = Math.max(minTimeMs, visibleFromMs);
        return select(matchers, slot -> hasSamples(slot, from, maxTimeMs), this::read);
    }

    /** Series that match all matchers (all series if there are none) and have out-of-order samples within inclusive bounds. */
    public Found selectLate(Collection<Matcher> matchers, long minTimeMs, long maxTimeMs) {
        return select(matchers, slot -> hasLateSamples(slot, minTimeMs, maxTimeMs), this::readLate);
    }

    /** Whether any out-of-order samples may be shown. */
    public boolean hasLate() {
        return head.locked(() -> !head.outOfOrder.isEmpty());
    }

    @FunctionalInterface
    private interface SlotTest {
        boolean accepts(int slot);
    }

    @FunctionalInterface
    private interface SlotReader {
        void read(int slot, long minTimeMs, long maxTimeMs, SampleBuffer into) throws IOException;
    }

    private Found select(Collection<Matcher> matchers, SlotTest hasSamples, SlotReader reader) {
        HeadMatch match;
        int[] slots;
        int[][] labels;
        int[] ranks;
        int n = 0;
        head.lock.lock();
        try {
            ranks = head.order.ranks();
            match = new HeadMatch(head.pairs, head.series, matchers);
            slots = match.candidates();
            labels = new int[slots.length][];
            for (int slot : slots) {
                if (head.series.isUsed(slot) && hasSamples.accepts(slot)) {
                    slots[n] = slot;
                    labels[n++] = head.series.page(slot).labels[SeriesTable.index(slot)];
                }
            }
        } finally {
            head.lock.unlock();
        }
        if (!match.acceptsAll()) {
            int kept = 0;
            for (int i = 0; i < n; i++) {
                if (match.accepts(labels[i])) {
                    slots[kept] = slots[i];
                    labels[kept++] = labels[i];
                }
            }
            n = kept;
        }
        int[] order = head.order.sort(slots, labels, n, ranks);
        int[] sortedSlots = new int[n];
        int[][] sortedLabels = new int[n][];
        for (int i = 0; i < n; i++) {
            sortedSlots[i] = slots[order[i]];
            sortedLabels[i] = labels[order[i]];
        }
        return new Found(sortedSlots, sortedLabels, reader);
    }

    /** The slots of all series in the order of their labels. */
    int[] sortedSlots() {
        return select(List.of(), slot -> true, this::read).slots;
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

    private boolean hasLateSamples(int slot, long from, long to) {
        OutOfOrderSeries late = head.outOfOrder.of(slot);
        return late != null && late.minTimeMs() <= to && late.maxTimeMs() >= from;
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
        boolean[] seen = null;
        for (int[] labels : selectAll(matchers, minTimeMs, maxTimeMs)) {
            seen = seen == null ? new boolean[head.pairs.limit()] : seen;
            for (int pair : labels) {
                if (!seen[pair]) {
                    seen[pair] = true;
                    into.add(head.pairs.name(pair));
                }
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
        for (int[] labels : selectAll(matchers, minTimeMs, maxTimeMs)) {
            for (int pair : labels) {
                if (head.pairs.name(pair).equals(name)) {
                    into.add(head.pairs.value(pair));
                }
            }
        }
    }

    /** The labels of matching series with samples of either kind. */
    private int[][] selectAll(Collection<Matcher> matchers, long minTimeMs, long maxTimeMs) {
        long from = Math.max(minTimeMs, visibleFromMs);
        return select(
                        matchers,
                        slot -> hasSamples(slot, from, maxTimeMs) || hasLateSamples(slot, minTimeMs, maxTimeMs),
                        this::read)
                .labels;
    }

    /** Whether every series of the head has to be counted anyway, so that the index alone can answer. */
    private boolean coversAll(long minTimeMs, long maxTimeMs) {
        HeadStats stats = head.stats();
        return minTimeMs <= stats.minTimeMs() && maxTimeMs >= stats.maxTimeMs();
    }

    private void read(int slot, long minTimeMs, long maxTimeMs, SampleBuffer into) throws IOException {
        long view = viewOf(slot);
        long from = Math.max(minTimeMs, visibleFromMs);
        if (view == SeriesPage.NOTHING) {
            return;
        }
        int newest = (int) (view >>> 32);
        int[] path = path(newest, from, maxTimeMs);
        int first = into.size();
        into.ensureCapacity(first + samples(path));
        Scratch scratch = new Scratch();
        for (int i = path.length - 1; i >= 0; i--) {
            int chunk = path[i];
            int samples = chunk == newest ? (int) view : head.chunks.samples(chunk);
            decode(chunk, samples, from, maxTimeMs, scratch, into);
        }
        Intervals deleted = tombstones.get(slot);
        if (deleted != null) {
            deleted.filter(into, first);
        }
    }

    /** What decoding one chunk after the other uses again. */
    private static final class Scratch {
        private byte[] bytes = NO_BYTES;
        private HeadChunk file;
    }

    /** Decodes the first samples of a chunk, wherever it lies. */
    private void decode(int chunk, int samples, long from, long to, Scratch scratch, SampleBuffer into)
            throws IOException {
        long place = head.chunks.place(chunk);
        if (ChunkTable.isSlab(place)) {
            scratch.bytes = head.slabs.copy(ChunkTable.firstBlock(place), scratch.bytes, 0);
            XorChunk.decode(scratch.bytes, 0, XorChunk.end(scratch.bytes), samples, from, to, into);
            return;
        }
        if (!ChunkTable.isFile(place)) {
            byte[] object = head.locked(() -> head.objects.copy(chunk));
            if (object != null) {
                scratch.bytes = XorChunk.padded(scratch.bytes, object.length);
                System.arraycopy(object, 0, scratch.bytes, 0, object.length);
                decode(head.chunks.encoding(chunk), scratch.bytes, object.length, samples, from, to, into);
                return;
            }
            // It went to a file in between.
            place = head.chunks.place(chunk);
        }
        scratch.file = scratch.file == null ? new HeadChunk() : scratch.file;
        head.files.read(ChunkTable.fileRef(place), scratch.file);
        decode(head.chunks.encoding(chunk), scratch.file.data(), scratch.file.length(), samples, from, to, into);
    }

    /** Decodes a chunk of which only the given number of samples is to be seen; its header is changed. */
    private static void decode(
            int encoding, byte[] padded, int length, int samples, long from, long to, SampleBuffer into)
            throws IOException {
        ChunkHeader.setSamples(encoding, padded, samples);
        ChunkCodec.decode(encoding, padded, length, from, to, into);
    }

    private int samples(int[] path) {
        int samples = 0;
        for (int chunk : path) {
            samples += head.chunks.samples(chunk);
        }
        return samples;
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

    private void readLate(int slot, long minTimeMs, long maxTimeMs, SampleBuffer into) throws IOException {
        List<OutOfOrderSeries.Chunk> chunks = new ArrayList<>();
        SampleBuffer all = new SampleBuffer();
        head.lock.lock();
        try {
            OutOfOrderSeries late = head.outOfOrder.of(slot);
            if (late == null) {
                return;
            }
            late.copy(minTimeMs, maxTimeMs, isShown, all);
            for (OutOfOrderSeries.Chunk chunk : late.chunks()) {
                if (chunk.minTimeMs() <= maxTimeMs && chunk.maxTimeMs() >= minTimeMs) {
                    chunks.add(chunk);
                }
            }
        } finally {
            head.lock.unlock();
        }
        for (OutOfOrderSeries.Chunk chunk : chunks) {
            readLate(chunk, minTimeMs, maxTimeMs, all);
        }
        SortedRuns.merge(all, 0);
        Intervals deleted = tombstones.get(slot);
        if (deleted != null) {
            deleted.filter(all, 0);
        }
        into.addAll(all);
    }

    private void readLate(OutOfOrderSeries.Chunk chunk, long minTimeMs, long maxTimeMs, SampleBuffer into)
            throws IOException {
        if (chunk.noneMatch(isShown)) {
            return;
        }
        HeadChunk file = new HeadChunk();
        head.files.read(chunk.fileRef(), file);
        SampleBuffer all = new SampleBuffer();
        ChunkCodec.decode(chunk.encoding(), file.data(), file.length(), Long.MIN_VALUE, Long.MAX_VALUE, all);
        int kept = 0;
        for (int i = 0; i < all.size(); i++) {
            long t = all.timestampsMs()[i];
            if (t >= minTimeMs && t <= maxTimeMs && isShown.test(chunk.batches()[i])) {
                all.move(i, kept++);
            }
        }
        all.truncate(kept);
        into.addAll(all);
    }

    @Override
    public void close() {
        head.closed(this);
    }
}
