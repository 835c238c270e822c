package org.narthex.tsdb.block;

import java.io.IOException;
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
import org.narthex.tsdb.index.IndexMatch;
import org.narthex.tsdb.index.IndexReader;
import org.narthex.tsdb.index.SeriesEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A block: samples of [minTime, maxTime) in a folder that never changes but for its tombstones. Its files are mapped and stay readable after they
 * are deleted, until nobody holds the block any more. Thread-safe.
 */
public final class Block {
    private static final Logger LOG = LoggerFactory.getLogger(Block.class);

    private final Path folder;
    private final IndexReader index;
    private final ChunkFiles chunks;
    private final AtomicLong skippedChunks = new AtomicLong();
    private volatile BlockMeta meta;
    /** By the series' number in the index; replaced, never changed. */
    private volatile Map<Integer, Intervals> tombstones;

    private Block(Path folder, BlockMeta meta) throws IOException {
        this.folder = folder;
        this.meta = meta;
        this.index = new IndexReader(folder.resolve("index"));
        this.chunks = new ChunkFiles(folder.resolve("chunks"));
        this.tombstones = TombstoneFile.read(folder);
    }

    public static Block open(Path folder) throws IOException {
        return new Block(folder, BlockMeta.read(folder));
    }

    public Path folder() {
        return folder;
    }

    public BlockMeta meta() {
        return meta;
    }

    /** Chunks left out because their encoding is not read by this version. */
    public long skippedChunks() {
        return skippedChunks.get();
    }

    /** Whether the block may have samples within inclusive bounds. */
    public boolean overlaps(long minTimeMs, long maxTimeMs) {
        return meta.minTimeMs() <= maxTimeMs && minTimeMs < meta.maxTimeMs();
    }

    /** Series that match all matchers and have chunks within inclusive bounds. */
    public SeriesSource select(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
        Map<Integer, Intervals> deleted = tombstones;
        Map<Integer, String> symbols = new HashMap<>();
        List<SeriesEntry> found = new ArrayList<>();
        List<Intervals> foundDeleted = new ArrayList<>();
        for (int number : IndexMatch.find(index, matchers)) {
            SeriesEntry series = index.series(number, symbols);
            Intervals stones = deleted.getOrDefault(number, Intervals.NONE);
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
                Block.this.read(found.get(series), foundDeleted.get(series), from, to, into);
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
            chunk.copyTo(bytes);
            ChunkCodec.decode(chunk.encoding(), bytes, chunk.length(), from, last, into);
        }
        if (!deleted.isEmpty()) {
            deleted.filter(into, first);
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

    /** Adds the names of labels of matching series, or of all. */
    public void labelNames(List<Matcher> matchers, long minTimeMs, long maxTimeMs, Set<String> into)
            throws IOException {
        if (matchers.isEmpty()) {
            index.labelNames().forEach(into::add);
            return;
        }
        SeriesSource found = select(matchers, minTimeMs, maxTimeMs);
        for (int i = 0; i < found.size(); i++) {
            Labels labels = found.labels(i);
            for (int j = 0; j < labels.size(); j++) {
                into.add(labels.name(j));
            }
        }
    }

    /** Adds the values of a label of matching series, or of all. */
    public void labelValues(String name, List<Matcher> matchers, long minTimeMs, long maxTimeMs, Set<String> into)
            throws IOException {
        if (matchers.isEmpty()) {
            index.values(name, (value, postings) -> into.add(value));
            return;
        }
        SeriesSource found = select(matchers, minTimeMs, maxTimeMs);
        for (int i = 0; i < found.size(); i++) {
            String value = found.labels(i).get(name);
            if (!value.isEmpty()) {
                into.add(value);
            }
        }
    }

    /** Deletes samples within inclusive bounds by tombstones. Called by one thread at a time. */
    public void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
        Map<Integer, Intervals> changed = new HashMap<>(tombstones);
        Map<Integer, String> symbols = new HashMap<>();
        boolean any = false;
        for (int number : IndexMatch.find(index, matchers)) {
            SeriesEntry series = index.series(number, symbols);
            int count = series.chunkCount();
            if (count == 0) {
                continue;
            }
            long from = Math.max(minTimeMs, series.minTimeMs(0));
            long to = Math.min(maxTimeMs, series.maxTimeMs(count - 1));
            if (from <= to) {
                changed.merge(number, Intervals.NONE.with(from, to), (old, added) -> old.with(from, to));
                any = true;
            }
        }
        if (any) {
            SyncedFiles.replace(folder.resolve(TombstoneFile.FILE), TombstoneFile.encode(changed));
            tombstones = changed;
            BlockMeta counted = meta.withTombstones(TombstoneFile.count(changed));
            counted.write(folder);
            meta = counted;
        }
    }
}
