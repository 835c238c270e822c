package org.narthex.tsdb.wal;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

import org.narthex.tsdb.encoding.Encbuf;
import org.narthex.tsdb.fault.FailPoint;

/**
 * Appends records to the log. Records are gathered by {@link #add} and handed to the operating system by {@link #flush}, one write for a whole
 * batch; {@link #sync} forces them to the disk. All calls but {@link #sync} and the figures come from one thread at a time.
 *
 * <p>What is flushed at once lies in one segment, so that a failed write can be taken back whole; a segment may become longer than its size by that.
 *
 * <p>When the disk cannot take what is forced to it, Linux holds the pages for clean afterwards: the next attempt would succeed and mean nothing.
 * Therefore everything that was not yet forced is written again, over itself, before that attempt.
 */
public final class WalWriter implements Closeable {
    private static final int REWRITE_BYTES = 1 << 16;

    private final Path folder;
    private final long segmentSize;
    private final WalCompression compression;
    private final Snappy snappy = new Snappy();
    /** Null unless it is what this log is compressed by: it holds a lot of memory. */
    private final Zstd zstd;

    private final CRC32C crc = new CRC32C();
    private final Encbuf out = new Encbuf(4096);
    /** Segments that are complete but perhaps not yet on disk. */
    private final Queue<Unsynced> complete = new ConcurrentLinkedQueue<>();

    /**
     * Of a segment, the bytes not known to be on disk.
     *
     * @param from what is before is
     */
    private record Unsynced(RandomAccessFile file, Path path, long from, long to) {}

    /** Not a channel: an interrupt of the appending thread would close that under everybody. */
    private volatile RandomAccessFile file;

    private volatile int segment;
    /** Whether the segment's name may not be on disk yet. */
    private volatile boolean folderDirty;

    private volatile boolean dirty;
    /** Guards which file is written to and how much of it is on disk, between cutting and syncing. */
    private final Object syncing = new Object();
    /** Of the segment being written, the bytes known to be on disk. */
    private long syncedBytes;
    /** Only the syncing thread's. */
    private boolean syncFailed;

    private final AtomicLong written = new AtomicLong();
    private final AtomicLong pagesFlushed = new AtomicLong();
    private final AtomicLong pagesCompleted = new AtomicLong();
    /** Bytes of the segment handed to the operating system; what follows in the file after a failed write is cut off. */
    private volatile long segmentBytes;

    private Mark mark = new Mark(-1, 0);

    private record Mark(int segment, long bytes) {}

    private boolean cutOff;

    /**
     * Starts a new segment after those that are there.
     *
     * @param segmentSize bytes, a multiple of {@link Wal#PAGE}; a record longer than a segment makes it longer
     */
    public WalWriter(Path folder, long segmentSize, WalCompression compression) throws IOException {
        this.folder = folder;
        this.segmentSize = segmentSize;
        this.compression = compression;
        this.zstd = compression == WalCompression.ZSTD ? new Zstd() : null;
        Files.createDirectories(folder);
        List<Wal.Segment> present = Wal.segments(folder);
        int checkpoint = Wal.newestCheckpoint(folder).map(Wal.Segment::index).orElse(-1);
        int last = present.isEmpty() ? -1 : present.get(present.size() - 1).index();
        open(Math.max(last, checkpoint) + 1);
    }

    private void open(int index) throws IOException {
        Path path = Wal.segmentFile(folder, index);
        if (Files.exists(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        file = new RandomAccessFile(path.toFile(), "rw");
        segment = index;
        segmentBytes = 0;
        folderDirty = true;
        if (mark.segment >= 0) {
            mark();
        }
    }

    /** The number of the segment being written. */
    public int segment() {
        return segment;
    }

    /** Bytes written to all segments since the start. */
    public long bytesWritten() {
        return written.get();
    }

    public long pagesFlushed() {
        return pagesFlushed.get();
    }

    public long pagesCompleted() {
        return pagesCompleted.get();
    }

    /** Gathers a record; nothing is written before {@link #flush}, except where a segment is full. */
    public void add(byte[] record, int length) throws IOException {
        if (compression != WalCompression.NONE && length > 0) {
            boolean isZstd = zstd != null;
            int compressed = isZstd ? zstd.compress(record, length) : snappy.compress(record, length);
            if (compressed < length) {
                byte[] data = isZstd ? zstd.output() : snappy.output();
                addStored(data, 0, compressed, isZstd ? Wal.ZSTD : Wal.SNAPPY);
                return;
            }
        }
        addStored(record, 0, length, 0);
    }

    /** @param flags how the bytes are compressed: {@link Wal#SNAPPY}, {@link Wal#ZSTD} or 0 */
    void addStored(byte[] data, int start, int length, int flags) throws IOException {
        int left = length;
        if (out.size() == 0 && segmentBytes > 0 && left > roomInSegment()) {
            cut();
        }
        // An empty first fragment, where a page has just room for a header, is legal: hence the count.
        int at = start;
        for (int fragment = 0; fragment == 0 || left > 0; fragment++) {
            int part = Math.min(Wal.PAGE - pageUsed() - Wal.FRAGMENT_HEADER, left);
            boolean first = fragment == 0;
            boolean last = part == left;
            int type = first ? (last ? Wal.FULL : Wal.FIRST) : last ? Wal.LAST : Wal.MIDDLE;
            crc.reset();
            crc.update(data, at, part);
            out.u8(type | flags);
            out.be16(part);
            out.be32((int) crc.getValue());
            out.raw(data, at, part);
            at += part;
            left -= part;
            int rest = Wal.PAGE - pageUsed();
            if (rest < Wal.FRAGMENT_HEADER) {
                out.zeros(rest);
            }
        }
    }

    private int pageUsed() {
        return (int) ((segmentBytes + out.size()) % Wal.PAGE);
    }

    private long roomInSegment() {
        long used = segmentBytes + out.size();
        long pagesLeft = segmentSize / Wal.PAGE - used / Wal.PAGE - 1;
        return Wal.PAGE - used % Wal.PAGE - Wal.FRAGMENT_HEADER + pagesLeft * (Wal.PAGE - Wal.FRAGMENT_HEADER);
    }

    /** Hands everything gathered to the operating system; when it fails, nothing of it is in the log. */
    public void flush() throws IOException {
        if (out.size() == 0) {
            return;
        }
        try {
            repairTail();
            long at = segmentBytes + out.size();
            cutOff = true;
            if (FailPoint.WAL_APPEND.isSet()) {
                FailPoint.WAL_APPEND.write(out.size(), length -> file.write(out.bytes(), 0, length));
            } else {
                file.write(out.bytes(), 0, out.size());
            }
            cutOff = false;
            pagesFlushed.incrementAndGet();
            pagesCompleted.addAndGet(at / Wal.PAGE - segmentBytes / Wal.PAGE);
            segmentBytes = at;
            written.addAndGet(out.size());
            dirty = true;
        } catch (IOException e) {
            repairTailIfPossible();
            throw e;
        } finally {
            out.clear();
        }
    }

    /** From here on {@link #discard} may take back what is flushed. */
    public void mark() {
        mark = new Mark(segment, segmentBytes);
    }

    /** What was flushed since the mark stays. */
    public void keep() {
        mark = new Mark(-1, 0);
    }

    /** Forgets what was gathered and not flushed, and what was flushed since the mark, if there is one. */
    public void discard() {
        out.clear();
        if (mark.segment == segment && segmentBytes > mark.bytes) {
            segmentBytes = mark.bytes;
            cutOff = true;
            repairTailIfPossible();
        }
        keep();
    }

    /** At once, since after a kill the whole records in it would be read; where that cannot be, before the next write. */
    private void repairTailIfPossible() {
        try {
            repairTail();
        } catch (IOException e) {
            cutOff = true;
        }
    }

    /** A failed write may have left half a record; it must go before anything follows it, or the reader would stop there. */
    private void repairTail() throws IOException {
        if (cutOff) {
            file.setLength(segmentBytes);
            file.seek(segmentBytes);
            cutOff = false;
        }
    }

    /** Ends the segment, whatever room it has, and starts the next. */
    public void cut() throws IOException {
        int used = pageUsed();
        if (used > 0) {
            out.zeros(Wal.PAGE - used);
        }
        flush();
        repairTail();
        FailPoint.WAL_CUT.reach();
        // So that sync does not take the new file for the old one.
        synchronized (syncing) {
            Unsynced old = new Unsynced(file, Wal.segmentFile(folder, segment), syncedBytes, segmentBytes);
            open(segment + 1);
            FailPoint.WAL_CUT.halfway();
            complete.add(old);
            syncedBytes = 0;
        }
    }

    /** Forces everything flushed so far to the disk. May run beside the other calls. */
    public void sync() throws IOException {
        for (Unsynced old = complete.peek(); old != null; old = complete.peek()) {
            force(old);
            old.file.close();
            complete.poll();
        }
        if (folderDirty) {
            folderDirty = false;
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (IOException e) {
                folderDirty = true;
                throw e;
            }
        }
        if (dirty) {
            dirty = false;
            Unsynced current;
            synchronized (syncing) {
                current = new Unsynced(file, Wal.segmentFile(folder, segment), syncedBytes, segmentBytes);
            }
            try {
                force(current);
            } catch (IOException e) {
                dirty = true;
                throw e;
            }
            synchronized (syncing) {
                if (current.file == file) {
                    syncedBytes = current.to;
                }
            }
        }
        syncFailed = false;
    }

    private void force(Unsynced part) throws IOException {
        if (syncFailed) {
            rewrite(part);
        }
        try {
            FailPoint.WAL_FSYNC.reach();
            part.file.getFD().sync();
            FailPoint.WAL_FSYNC.halfway();
        } catch (IOException e) {
            syncFailed = true;
            throw e;
        }
    }

    /** Through a file of its own: the other one's position is the appending thread's. */
    private static void rewrite(Unsynced part) throws IOException {
        try (RandomAccessFile again = new RandomAccessFile(part.path.toFile(), "rw")) {
            byte[] bytes = new byte[REWRITE_BYTES];
            // What was taken back in the meantime must not come again.
            long end = Math.min(part.to, again.length());
            for (long at = part.from; at < end; ) {
                again.seek(at);
                int read = again.read(bytes, 0, (int) Math.min(bytes.length, end - at));
                if (read <= 0) {
                    return;
                }
                again.seek(at);
                again.write(bytes, 0, read);
                at += read;
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            flush();
            repairTail();
            sync();
        } finally {
            file.close();
        }
    }
}
