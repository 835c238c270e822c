package org.narthex.tsdb.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.chunk.ChunkCodec;
import org.narthex.tsdb.chunk.Intervals;
import org.narthex.tsdb.chunk.SeriesSource;
import org.narthex.tsdb.chunk.XorChunk;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.fault.FailPoint;
import org.narthex.tsdb.index.IndexMatch;
import org.narthex.tsdb.index.IndexReader;
import org.narthex.tsdb.index.Postings;
import org.narthex.tsdb.index.SeriesEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A block: samples of [minTime, maxTime) in a folder that never changes but for its tombstones and {@code meta.json}. Its files are mapped and stay
 * readable after they are deleted, until nobody holds the block any more. Thread-safe; changes come from one thread at a time.
 */
public final class Block {
    /** The end of the names of folders being deleted. */
    public static final String FOR_DELETION = ".tmp-for-deletion";

    private static final Logger LOG = LoggerFactory.getLogger(Block.class);

    private final Path folder;
    private final IndexReader index;
    private final ChunkFiles chunks;
    private final AtomicLong skippedChunks = new AtomicLong();
    private volatile BlockFaults faults = (block, why) -> {};
    private volatile BlockMeta meta;
    /** By the series' number in the index; replaced, never changed. */
    private volatile Map<Integer, Intervals> tombstones;

    private Block(Path folder, BlockMeta meta) throws IOException {
        this.folder = folder;
        this.meta = meta;
        this.index = new IndexReader(folder.resolve("index"));
        this.chunks = new ChunkFiles(folder.resolve("chunks"));
        this.tombstones = TombstoneFile.read(folder);
        checkLastChunk();
    }

    public static Block open(Path folder) throws IOException {
        return new Block(folder, BlockMeta.read(folder));
    }

    /** Chunks are written in the order of their series: if the last one is there, no file is missing or cut off at the end. */
    private void checkLastChunk() throws IOException {
        long last = index.lastSeries();
        if (last < 0) {
            return;
        }
        SeriesEntry series = index.series(last);
        if (series.chunkCount() > 0) {
            chunks.find(series.ref(series.chunkCount() - 1));
        }
    }

    /** Has damage met from now on reported. */
    public void faults(BlockFaults sink) {
        faults = sink;
    }

    public Path folder() {
        return folder;
    }

    public BlockMeta meta() {
        return meta;
    }

    public IndexReader index() {
        return index;
    }

    /** Bytes of its index and chunks on disk. */
    public long size() {
        return index.size() + chunks.size();
    }

    /** What is deleted of a series, by its number in the index. */
    public Intervals deleted(long series) {
        return tombstones.getOrDefault((int) series, Intervals.NONE);
    }

    public boolean hasTombstones() {
        return !tombstones.isEmpty();
    }

    /** Chunks left out because their encoding is not read by this version. */
    public long skippedChunks() {
        return skippedChunks.get();
    }

    /** Whether the block may have samples within inclusive bounds. */
    public boolean overlaps(long minTimeMs, long maxTimeMs) {
        return meta.minTimeMs() <= maxTimeMs && minTimeMs < meta.maxTimeMs();
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    /** Runs what reads the files: damage is noted; a file cut off under the map is damage too, which the JVM tells by an error. */
    private <T> T reading(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (CorruptionException e) {
            faults.damaged(folder, e);
            throw e;
        } catch (InternalError e) {
            IOException cut = new IOException(folder + " cannot be read: a file in it was cut off", e);
            faults.damaged(folder, cut);
            throw cut;
        }
    }

    /** Series that match all matchers and have chunks within inclusive bounds. */
    public SeriesSource select(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
        return reading(() -> found(matchers, minTimeMs, maxTimeMs));
    }

    private SeriesSource found(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
        Map<Integer, Intervals> deleted = tombstones;
        List<SeriesEntry> found = new ArrayList<>();
        List<Intervals> foundDeleted = new ArrayList<>();
        Postings postings = IndexMatch.find(index, matchers);
        for (long number = postings.next(); number != Postings.END; number = postings.next()) {
            SeriesEntry series = index.series(number);
            Intervals stones = deleted.getOrDefault((int) number, Intervals.NONE);
            if (hasChunk(series, stones, minTimeMs, maxTimeMs)) {
                found.add(series);
                foundDeleted.add(stones);
            }
        }
        return new SeriesSource() {
            @Override
            public int size() {
                return found.size();
            }

            @Override
            public Labels labels(int series) {
                return found.get(series).labels();
            }

            @Override
            public void read(int series, long from, long to, SampleBuffer into) throws IOException {
                reading(() -> {
                    Block.this.read(found.get(series), foundDeleted.get(series), from, to, into);
                    return null;
                });
            }
        };
    }

    private static boolean hasChunk(SeriesEntry series, Intervals deleted, long from, long to) {
        for (int i = 0; i < series.chunkCount(); i++) {
            if (series.minTimeMs(i) <= to
                    && series.maxTimeMs(i) >= from
                    && !deleted.covers(series.minTimeMs(i), series.maxTimeMs(i))) {
                return true;
            }
        }
        return false;
    }

    private void read(SeriesEntry series, Intervals deleted, long from, long to, SampleBuffer into) throws IOException {
        byte[] bytes = new byte[0];
        int first = into.size();
        // A block's samples end before its maxTime, whatever its chunks hold.
        long last = Math.min(to, meta.maxTimeMs() - 1);
        for (int i = 0; i < series.chunkCount(); i++) {
            if (series.minTimeMs(i) > last || series.maxTimeMs(i) < from) {
                continue;
            }
            ChunkFiles.Found chunk = chunks.find(series.ref(i));
            if (!ChunkCodec.isReadable(chunk.encoding())) {
                skip(chunk.encoding(), series.labels());
                continue;
            }
            bytes = XorChunk.padded(bytes, chunk.length());
            decode(chunk, bytes, from, last, into);
        }
        if (!deleted.isEmpty()) {
            deleted.filter(into, first);
        }
    }

    private static void decode(ChunkFiles.Found chunk, byte[] bytes, long from, long to, SampleBuffer into)
            throws CorruptionException {
        chunk.copyTo(bytes);
        try {
            ChunkCodec.decode(chunk.encoding(), bytes, chunk.length(), from, to, into);
        } catch (CorruptionException e) {
            throw new CorruptionException(chunk.file(), chunk.start() + e.offset(), e.getMessage());
        }
    }

    private void skip(int encoding, Labels labels) {
        if (skippedChunks.getAndIncrement() == 0) {
            LOG.warn(
                    "{} has chunks of encoding {}, which this version does not read, e.g. of {}; they are left out",
                    folder,
                    encoding,
                    labels);
        }
    }

    /** A chunk as it is stored, in memory that is used again for the next one. */
    public static final class StoredChunk {
        private int encoding;
        private byte[] bytes = new byte[0];
        private int length;
        private ChunkFiles.Found found;

        public int encoding() {
            return encoding;
        }

        /** Only the first {@link #length} count. */
        public byte[] bytes() {
            return bytes;
        }

        public int length() {
            return length;
        }

        public int samples() {
            return ChunkCodec.samples(encoding, bytes);
        }

        /** Appends the samples within inclusive bounds. */
        public void decode(long from, long to, SampleBuffer into) throws CorruptionException {
            Block.decode(found, bytes, from, to, into);
        }
    }

    /** Copies a chunk, by its ref in the index. */
    public void load(long ref, StoredChunk into) throws IOException {
        reading(() -> {
            ChunkFiles.Found found = chunks.find(ref);
            if (found.length() < 2) {
                throw new CorruptionException(found.file(), found.start(), "a chunk without a header");
            }
            into.found = found;
            into.encoding = found.encoding();
            into.length = found.length();
            into.bytes = XorChunk.padded(into.bytes, found.length());
            found.copyTo(into.bytes);
            return null;
        });
    }

    /** Adds the names of labels of matching series, or of all. */
    public void labelNames(List<Matcher> matchers, Set<String> into) throws IOException {
        reading(() -> {
            IndexMatch.labelNames(index, matchers, into);
            return null;
        });
    }

    /** Adds the values of a label of matching series, or of all; with a limit that is not 0, at least so many of the first ones, if there are. */
    public void labelValues(String name, List<Matcher> matchers, int limit, Set<String> into) throws IOException {
        reading(() -> {
            IndexMatch.labelValues(index, name, matchers, limit, into);
            return null;
        });
    }

    /** Deletes samples within inclusive bounds by tombstones. */
    public void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
        Map<Integer, Intervals> changed = new HashMap<>(tombstones);
        boolean any = reading(() -> mark(matchers, minTimeMs, maxTimeMs, changed));
        if (any) {
            SyncedFiles.replace(
                    folder.resolve(TombstoneFile.FILE), TombstoneFile.encode(changed), FailPoint.TOMBSTONE_WRITE);
            tombstones = changed;
            replaceMeta(meta.withTombstones(TombstoneFile.count(changed)));
        }
    }

    private boolean mark(List<Matcher> matchers, long minTimeMs, long maxTimeMs, Map<Integer, Intervals> changed)
            throws IOException {
        boolean any = false;
        Postings postings = IndexMatch.find(index, matchers);
        for (long number = postings.next(); number != Postings.END; number = postings.next()) {
            SeriesEntry series = index.series(number);
            int count = series.chunkCount();
            if (count == 0) {
                continue;
            }
            long from = Math.max(minTimeMs, series.minTimeMs(0));
            long to = Math.min(maxTimeMs, series.maxTimeMs(count - 1));
            if (from <= to) {
                changed.merge((int) number, Intervals.NONE.with(from, to), (old, added) -> old.with(from, to));
                any = true;
            }
        }
        return any;
    }

    private void replaceMeta(BlockMeta changed) throws IOException {
        changed.write(folder);
        meta = changed;
    }

    /** Notes that it is not to be compacted again. */
    public void markFailed() throws IOException {
        replaceMeta(meta.withFailed());
    }

    /** Notes that it may be deleted. */
    public void markDeletable() throws IOException {
        replaceMeta(meta.withDeletable());
    }

    /** Notes which steps of retention policies it has gone through. */
    public void markRetention(Set<String> steps) throws IOException {
        replaceMeta(meta.withRetention(steps));
    }

    /** Deletes it from the disk; who holds it can still read. */
    public void deleteFiles() throws IOException {
        Path doomed = folder.resolveSibling(folder.getFileName() + FOR_DELETION);
        FailPoint.RETENTION_DELETE.reach();
        SyncedFiles.rename(folder, doomed);
        FailPoint.RETENTION_DELETE.halfway();
        SyncedFiles.deleteFolder(doomed);
    }

    /** Whether the folder is still there. */
    public boolean exists() {
        return Files.isDirectory(folder);
    }
}
