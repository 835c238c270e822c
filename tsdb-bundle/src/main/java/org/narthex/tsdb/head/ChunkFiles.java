package org.narthex.tsdb.head;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

import org.narthex.tsdb.headchunk.HeadChunk;
import org.narthex.tsdb.headchunk.HeadChunkFiles;

/**
 * The files of complete chunks as the head uses them: opened when the replay has read them, written by appends (out-of-order samples) and by the mover of
 * chunks, one at a time. Thread-safe; its lock is taken after the head's.
 */
public final class ChunkFiles implements Closeable {
    private final ReentrantLock writing = new ReentrantLock();
    private volatile HeadChunkFiles files;
    private volatile boolean closed;

    /** Begins to use the files. */
    public void open(HeadChunkFiles opened) {
        files = opened;
    }

    private HeadChunkFiles files() throws IOException {
        HeadChunkFiles present = files;
        if (present == null) {
            throw new IOException("the head's chunk files are not open yet");
        }
        return present;
    }

    /** Appends a chunk; it can be read at once. Returns its reference, below 2^62. */
    long append(long ref, long minTimeMs, long maxTimeMs, int encoding, boolean isOutOfOrder, byte[] chunk)
            throws IOException {
        writing.lock();
        try {
            if (closed) {
                throw new IOException("the head's chunk files are closed");
            }
            return files().write(ref, minTimeMs, maxTimeMs, encoding, isOutOfOrder, chunk, chunk.length);
        } finally {
            writing.unlock();
        }
    }

    /** Brings everything to the disk. */
    public void sync() throws IOException {
        writing.lock();
        try {
            files().sync();
        } finally {
            writing.unlock();
        }
    }

    /** Hands everything to the operating system: it survives a kill of the process. */
    void flush() throws IOException {
        writing.lock();
        try {
            files().flush();
        } finally {
            writing.unlock();
        }
    }

    /** Reads a chunk, header included, into the caller's own. */
    void read(long fileRef, HeadChunk into) throws IOException {
        files().read(fileRef, into);
    }

    /** The number of the file a chunk lies in; files of greater numbers are newer. */
    static int fileOf(long fileRef) {
        return (int) (fileRef >>> 32);
    }

    /** The number of the file being written. */
    int currentFile() {
        HeadChunkFiles present = files;
        return present == null ? 0 : present.fileNumber();
    }

    /** Ends the file being written, so that it can go one day. */
    void cut() throws IOException {
        writing.lock();
        try {
            files().cut();
        } finally {
            writing.unlock();
        }
    }

    /** Deletes the files before the given one; nobody needs their chunks any more. */
    void deleteBelow(int file) throws IOException {
        writing.lock();
        try {
            files().deleteBelow(file);
        } finally {
            writing.unlock();
        }
    }

    /** Bytes of all files. */
    public long size() {
        HeadChunkFiles present = files;
        return present == null ? 0 : present.size();
    }

    /** Brings everything to the disk. Chunks can still be read. */
    @Override
    public void close() throws IOException {
        writing.lock();
        try {
            closed = true;
            if (files != null) {
                files.close();
            }
        } finally {
            writing.unlock();
        }
    }
}
