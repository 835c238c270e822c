package org.narthex.tsdb;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.head.ChunkFiles;
import org.narthex.tsdb.head.Head;
import org.narthex.tsdb.head.HeadReplay;
import org.narthex.tsdb.head.LongIntMap;
import org.narthex.tsdb.headchunk.HeadChunkFiles;
import org.narthex.tsdb.headchunk.HeadChunkScan;
import org.narthex.tsdb.wal.Wal;
import org.narthex.tsdb.wal.WalDecoder;
import org.narthex.tsdb.wal.WalReader;
import org.narthex.tsdb.wal.WalRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the head at the start: finds the complete chunks in its files, then reads the newest checkpoint, the segments of the log after it, and the log of
 * out-of-order samples. One thread reads, checks and decompresses, another decodes and fills. A damaged segment is cut where it is damaged, what is
 * cut off goes to quarantine, and replay goes on with the next one: what does not depend on the lost part is kept.
 */
final class Replay {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final int BATCH_BYTES = 256 * 1024;

    private final DataFolder folder;
    private final Path wal;
    private final Path wbl;
    private final Head head;
    private final HeadReplay into;
    private final ChunkFiles chunkFiles;
    private final FileChunks fileChunks = new FileChunks();
    private final LongIntMap slots = new LongIntMap();
    private final Map<Integer, Long> skippedTypes = new HashMap<>();
    private final WalDecoder decoder = new WalDecoder();
    private final BlockingQueue<Records> queue = new LinkedBlockingQueue<>(8);
    private volatile String progress = "replaying the WAL";
    private volatile Throwable readerFailure;
    private volatile boolean stopped;
    private long samples;
    private long unknownRefs;

    /** Records one after the other in one array. */
    private static final class Records {
        byte[] bytes = new byte[BATCH_BYTES];
        int[] ends = new int[64];
        int count;
        boolean isLate;

        int size() {
            return count == 0 ? 0 : ends[count - 1];
        }

        void add(byte[] record, int length) {
            int at = size();
            if (bytes.length - at < length) {
                bytes = Arrays.copyOf(bytes, at + length);
            }
            System.arraycopy(record, 0, bytes, at, length);
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, 2 * count);
            }
            ends[count++] = at + length;
        }
    }

    Replay(DataFolder folder, Head head, ChunkFiles chunkFiles) {
        this.folder = folder;
        this.wal = folder.resolve("wal");
        this.wbl = folder.resolve("wbl");
        this.head = head;
        this.into = head.replay();
        this.chunkFiles = chunkFiles;
    }

    /** What is being done, for people. */
    String progress() {
        return progress;
    }

    long samples() {
        return samples;
    }

    /** Ends a running replay soon. */
    void stop() {
        stopped = true;
    }

    /** Whether there is anything to replay. */
    boolean isNeeded() throws IOException {
        return !Wal.segments(wal).isEmpty()
                || Wal.newestCheckpoint(wal).isPresent()
                || !Wal.segments(wbl).isEmpty();
    }

    void run() throws IOException {
        findChunks();
        Thread reader = new Thread(this::read, "narthex-tsdb-replay-read");
        reader.setDaemon(true);
        reader.start();
        try {
            for (Records records = next(reader); records.count > 0; records = next(reader)) {
                Records part = records;
                head.locked(() -> {
                    apply(part);
                    return null;
                });
            }
        } finally {
            reader.interrupt();
        }
        Throwable failure = readerFailure;
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure != null) {
            throw new IOException("storage: " + failure.getMessage(), failure);
        }
        head.locked(() -> {
            into.finish();
            return null;
        });
        if (unknownRefs > 0) {
            folder.missing(wal, unknownRefs + " samples are of series that nothing describes");
        }
        skippedTypes.forEach((type, count) -> LOG.warn("the WAL has {} records of the unknown type {}", count, type));
    }

    /** Finds the chunks in files and opens these for more. Damage goes to quarantine, with all that comes after it: the log has the samples. */
    void findChunks() throws IOException {
        progress = "reading the head's chunk files";
        Path chunksHead = folder.resolve("chunks_head");
        HeadChunkScan scan = HeadChunkScan.of(chunksHead, fileChunks::add);
        if (scan.damage().isPresent()) {
            HeadChunkScan.Damage damage = scan.damage().get();
            folder.quarantineTail(damage.file(), damage.soundBytes(), damage.why());
            for (Path later : damage.later()) {
                folder.quarantine(later, damage.why());
            }
        }
        chunkFiles.open(new HeadChunkFiles(chunksHead, scan));
    }

    private Records next(Thread reader) throws IOException {
        try {
            while (!stopped) {
                Records records = queue.poll(100, TimeUnit.MILLISECONDS);
                if (records != null) {
                    return records;
                }
                if (!reader.isAlive() && queue.isEmpty()) {
                    return new Records();
                }
            }
            throw new InterruptedIOException("storage: replay was stopped");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("storage: replay was interrupted");
        }
    }

    // --- the reading thread
    // ------------------------------------------------------------------------------------------------------

    private void read() {
        try {
            Optional<Wal.Segment> checkpoint = Wal.newestCheckpoint(wal);
            if (checkpoint.isPresent()) {
                progress = "replaying the WAL, checkpoint";
                for (Wal.Segment segment : Wal.segments(checkpoint.get().file())) {
                    read(segment.file(), false);
                }
            }
            int covered = checkpoint.map(Wal.Segment::index).orElse(-1);
            List<Wal.Segment> segments = new ArrayList<>(Wal.segments(wal));
            segments.removeIf(segment -> segment.index() <= covered);
            for (int i = 0; i < segments.size(); i++) {
                progress = "replaying the WAL, segment " + (i + 1) + " of " + segments.size();
                int expected = i == 0 ? covered + 1 : segments.get(i - 1).index() + 1;
                boolean mayBegin = i == 0 && checkpoint.isEmpty();
                if (!mayBegin && segments.get(i).index() != expected) {
                    folder.missing(
                            wal,
                            "segment " + expected + " is not there, the next one is "
                                    + segments.get(i).index());
                }
                read(segments.get(i).file(), false);
            }
            progress = "replaying the WBL";
            for (Wal.Segment segment : Wal.segments(wbl)) {
                read(segment.file(), true);
            }
            queue.put(new Records());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            readerFailure = e;
        }
    }

    private void read(Path segment, boolean isLate) throws IOException, InterruptedException {
        long sound;
        CorruptionException damage;
        try (WalReader reader = new WalReader(segment)) {
            Records records = new Records();
            damage = null;
            try {
                while (reader.next()) {
                    if (records.size() + reader.length() > BATCH_BYTES && records.count > 0) {
                        records.isLate = isLate;
                        queue.put(records);
                        records = new Records();
                    }
                    records.add(reader.record(), reader.length());
                }
            } catch (CorruptionException e) {
                damage = e;
            }
            sound = reader.recordStart();
            if (records.count > 0) {
                records.isLate = isLate;
                queue.put(records);
            }
        }
        if (damage != null) {
            folder.quarantineTail(segment, sound, damage);
        }
    }

    // --- the filling thread
    // ------------------------------------------------------------------------------------------------------

    private void apply(Records records) {
        int at = 0;
        byte[] record = new byte[0];
        for (int i = 0; i < records.count; i++) {
            int length = records.ends[i] - at;
            if (record.length < length) {
                record = new byte[length];
            }
            System.arraycopy(records.bytes, at, record, 0, length);
            at = records.ends[i];
            try {
                decoder.decode(record, length, records.isLate ? late : sink);
            } catch (IOException e) {
                // The checksum was right, so this was written so; the rest of the log is not to suffer.
                LOG.error("a record in the WAL makes no sense and is left out: {}", e.getMessage());
            }
        }
    }

    /** The series' slot, or {@link LongIntMap#NONE}. */
    private int slot(long ref) {
        return ref <= 0 ? LongIntMap.NONE : slots.get(ref);
    }

    private int slotOfSample(long ref, long timestampMs) {
        int slot = slot(ref);
        if (slot == LongIntMap.NONE) {
            // What is older belongs to series that went to a block with their last sample.
            unknownRefs += into.isValidTime(timestampMs) ? 1 : 0;
            into.unknownRef(ref);
        }
        return slot;
    }

    private final WalRecord.Sink sink = new WalRecord.Sink() {
        @Override
        public void series(long ref, Labels labels) {
            if (ref > 0 && !labels.isEmpty()) {
                int slot = into.series(ref, labels);
                slots.put(ref, slot);
                fileChunks.give(ref, slot, into);
            }
        }

        @Override
        public void sample(long ref, long timestampMs, long valueBits) {
            sample(ref, timestampMs, 0, valueBits);
        }

        @Override
        public void sample(long ref, long timestampMs, long startMs, long valueBits) {
            int slot = slotOfSample(ref, timestampMs);
            if (slot != LongIntMap.NONE && into.sample(slot, timestampMs, startMs, valueBits)) {
                samples++;
            }
        }

        @Override
        public void histogram(long ref, long timestampMs, long startMs, Histogram histogram) {
            int slot = slotOfSample(ref, timestampMs);
            if (slot != LongIntMap.NONE && into.histogram(slot, timestampMs, startMs, histogram)) {
                samples++;
            }
        }

        @Override
        public void tombstone(long ref, long minTimeMs, long maxTimeMs) {
            int slot = slot(ref);
            if (slot != LongIntMap.NONE) {
                into.tombstone(slot, minTimeMs, maxTimeMs);
            }
        }

        @Override
        public void exemplar(long ref, Exemplar exemplar) {
            int slot = slot(ref);
            if (slot != LongIntMap.NONE) {
                into.exemplar(slot, exemplar);
            }
        }

        @Override
        public void metadata(long ref, Metadata metadata) {
            int slot = slot(ref);
            if (slot != LongIntMap.NONE) {
                into.metadata(slot, metadata);
            }
        }

        @Override
        public void other(int type, byte[] record, int length) {
            skippedTypes.merge(type, 1L, Long::sum);
        }
    };

    /** For the log of out-of-order samples. */
    private final WalRecord.Sink late = new WalRecord.Sink() {
        @Override
        public void sample(long ref, long timestampMs, long valueBits) {
            sample(ref, timestampMs, 0, valueBits);
        }

        @Override
        public void sample(long ref, long timestampMs, long startMs, long valueBits) {
            add(ref, timestampMs, startMs, Double.longBitsToDouble(valueBits), null);
        }

        @Override
        public void histogram(long ref, long timestampMs, long startMs, Histogram histogram) {
            add(ref, timestampMs, startMs, histogram.sum(), histogram);
        }

        private void add(long ref, long timestampMs, long startMs, double value, Histogram histogram) {
            int slot = slot(ref);
            if (slot == LongIntMap.NONE) {
                // Of a batch that never came to the other log, so that nobody was told it is there.
                into.unknownRef(ref);
                return;
            }
            try {
                into.late(slot, timestampMs, startMs, value, histogram);
                samples++;
            } catch (IOException e) {
                LOG.error("an out-of-order sample is left out: {}", e.toString());
            }
        }

        @Override
        public void mmapMarker(long ref, long chunkRef) {
            int slot = slot(ref);
            if (slot != LongIntMap.NONE) {
                into.lateMarker(slot, chunkRef);
            }
        }
    };
}
