package org.narthex.tsdb.headchunk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Encbuf;

/**
 * One file of chunks. What was written last stays in memory, in the tail, until it is worth a mapping of its own: so every chunk can be read from the
 * moment it is written, and each byte is mapped once. A chunk never crosses parts. One writer, many readers.
 */
final class HeadChunkFile {
    private static final int TAIL_BYTES = 4 << 20;

    /**
     * A mapped part.
     *
     * @param start where in the file it begins
     */
    private record Part(int start, ByteBuffer bytes) {}

    private final Path path;
    private final int number;
    /** Null when the file is complete. Not a channel: an interrupt of a thread would close that under everybody. */
    private RandomAccessFile file;
    /** Ascending, without gaps from byte 0 on; replaced, not changed. */
    private volatile Part[] parts = {};
    /** Guards {@link #tail}, where the file goes on after the parts, against readers; the writer takes it to change anything they see. */
    private final Object tailLock = new Object();

    private Encbuf tail = new Encbuf(64 << 10);
    private int tailStart;
    /** Bytes of the file handed to the operating system. */
    private int written;

    private volatile long maxTimeMs = Long.MIN_VALUE;
    private volatile long size;
    private boolean dirty;

    private HeadChunkFile(Path path, int number) {
        this.path = path;
        this.number = number;
    }

    /** Starts a new file; it is on disk, with its header, when this returns. */
    static HeadChunkFile create(Path folder, int number) throws IOException {
        Path path = HeadChunkFormat.file(folder, number);
        if (Files.exists(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        HeadChunkFile created = new HeadChunkFile(path, number);
        created.file = new RandomAccessFile(path.toFile(), "rw");
        try {
            created.tail.be32(HeadChunkFormat.MAGIC);
            created.tail.u8(HeadChunkFormat.VERSION);
            created.tail.zeros(HeadChunkFormat.HEADER - 5);
            created.flush();
        } catch (IOException e) {
            created.file.close();
            Files.deleteIfExists(path);
            throw e;
        }
        return created;
    }

    /** Opens a complete file. */
    static HeadChunkFile open(Path path, int number, long maxTimeMs) throws IOException {
        HeadChunkFile opened = new HeadChunkFile(path, number);
        opened.maxTimeMs = maxTimeMs;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            opened.size = Math.min(channel.size(), Integer.MAX_VALUE);
            opened.parts = new Part[] {new Part(0, channel.map(FileChannel.MapMode.READ_ONLY, 0, opened.size))};
        }
        return opened;
    }

    int number() {
        return number;
    }

    /** Bytes, those that are not yet written included. */
    long size() {
        return size;
    }

    /** The latest time of any chunk. */
    long maxTimeMs() {
        return maxTimeMs;
    }

    /**
     * Appends a chunk.
     *
     * @return where it begins
     * @throws IOException if there is no room left on disk; the chunk is not added then
     */
    int append(long seriesRef, long first, long last, int encodingByte, byte[] data, int length) throws IOException {
        if (tail.size() > 0 && tail.size() + length + HeadChunkFormat.SHORTEST + 4 > TAIL_BYTES) {
            mapTail();
        }
        int at;
        synchronized (tailLock) {
            int start = tail.size();
            at = tailStart + start;
            tail.be64(seriesRef);
            tail.be64(first);
            tail.be64(last);
            tail.u8(encodingByte);
            tail.uvarint(length);
            tail.raw(data, 0, length);
            tail.crcFrom(start);
        }
        size = (long) tailStart + tail.size();
        maxTimeMs = Math.max(maxTimeMs, last);
        return at;
    }

    /** Hands everything to the operating system; what could not be written stays in memory, for the next time. */
    void flush() throws IOException {
        int end = tailStart + tail.size();
        if (file == null || written == end) {
            return;
        }
        // A write that failed may have left some bytes: they are written over.
        file.seek(written);
        file.write(tail.bytes(), written - tailStart, end - written);
        written = end;
        size = end;
        dirty = true;
    }

    private void mapTail() throws IOException {
        flush();
        if (tail.size() == 0) {
            return;
        }
        ByteBuffer bytes;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            bytes = channel.map(FileChannel.MapMode.READ_ONLY, tailStart, tail.size());
        }
        Part[] more = Arrays.copyOf(parts, parts.length + 1);
        more[parts.length] = new Part(tailStart, bytes);
        synchronized (tailLock) {
            parts = more;
            tailStart = written;
            tail.clear();
        }
    }

    /** Forces what was flushed to the disk. */
    void sync() throws IOException {
        if (dirty && file != null) {
            dirty = false;
            try {
                file.getFD().sync();
            } catch (IOException e) {
                dirty = true;
                throw e;
            }
        }
    }

    /** Ends writing; the file is on disk afterwards and goes on being read. */
    void complete() throws IOException {
        if (file == null) {
            return;
        }
        mapTail();
        sync();
        file.close();
        file = null;
        synchronized (tailLock) {
            tail = new Encbuf(0);
        }
    }

    void read(int offset, HeadChunk into) throws CorruptionException {
        if (!readMapped(offset, into)) {
            synchronized (tailLock) {
                // In between the tail may have become a part.
                if (!readMapped(offset, into)) {
                    if (offset < tailStart || offset >= tailStart + tail.size()) {
                        throw new CorruptionException(path.toString(), offset, "no chunk can be here");
                    }
                    ByteBuffer bytes =
                            ByteBuffer.wrap(tail.bytes(), 0, tail.size()).slice();
                    HeadChunkReader.read(path.toString(), bytes, tailStart, offset - tailStart, into);
                }
            }
        }
    }

    private boolean readMapped(int offset, HeadChunk into) throws CorruptionException {
        Part[] present = parts;
        int low = 0;
        int high = present.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Part part = present[middle];
            if (offset < part.start) {
                high = middle - 1;
            } else if (offset - part.start >= part.bytes.capacity()) {
                low = middle + 1;
            } else {
                if (offset < HeadChunkFormat.HEADER) {
                    throw new CorruptionException(path.toString(), offset, "no chunk can be here");
                }
                HeadChunkReader.read(path.toString(), part.bytes, part.start, offset - part.start, into);
                return true;
            }
        }
        return false;
    }

    /** Takes the file from the disk; reads that go on end undisturbed, since what is mapped stays until it is let go. */
    void delete() throws IOException {
        close();
        Files.deleteIfExists(path);
    }

    void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
