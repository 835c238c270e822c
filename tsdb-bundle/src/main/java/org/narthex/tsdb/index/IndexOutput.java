package org.narthex.tsdb.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

import org.narthex.tsdb.encoding.Encbuf;

/** An index file being written from its start on, in sections with their length before and their checksum behind them. Not thread-safe. */
final class IndexOutput implements Closeable {
    private static final int FLUSH_AT = 1 << 18;
    private static final long MAX_SECTION = (1L << 32) - 1;

    private final Path path;
    private final FileChannel file;
    private final Encbuf out = new Encbuf(FLUSH_AT + (FLUSH_AT >> 2));
    private final CRC32C crc = new CRC32C();
    private long flushed;
    private long lengthAt = -1;
    /** What of the buffer the checksum has not yet. */
    private int crcFrom;

    IndexOutput(Path path) throws IOException {
        this.path = path;
        file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    /** Everything is written here; call {@link #flushIfFull} now and then. */
    Encbuf buffer() {
        return out;
    }

    long position() {
        return flushed + out.size();
    }

    void align(int bytes) {
        int over = (int) (position() % bytes);
        if (over > 0) {
            out.zeros(bytes - over);
        }
    }

    void begin() {
        lengthAt = position();
        out.be32(0);
        crc.reset();
        crcFrom = out.size();
    }

    void end() throws IOException {
        long length = position() - lengthAt - 4;
        if (length > MAX_SECTION) {
            throw new IOException(path + ": a section of " + length + " bytes is more than the format holds");
        }
        crc.update(out.bytes(), crcFrom, out.size() - crcFrom);
        out.be32((int) crc.getValue());
        if (lengthAt >= flushed) {
            out.be32At((int) (lengthAt - flushed), (int) length);
        } else {
            ByteBuffer patch = ByteBuffer.allocate(4).putInt(0, (int) length);
            file.write(patch, lengthAt);
        }
        lengthAt = -1;
        flushIfFull();
    }

    void flushIfFull() throws IOException {
        if (out.size() > FLUSH_AT) {
            flush();
        }
    }

    void flush() throws IOException {
        if (lengthAt >= 0) {
            crc.update(out.bytes(), crcFrom, out.size() - crcFrom);
            crcFrom = 0;
        }
        ByteBuffer bytes = ByteBuffer.wrap(out.bytes(), 0, out.size());
        while (bytes.hasRemaining()) {
            flushed += file.write(bytes, flushed);
        }
        out.clear();
    }

    void force() throws IOException {
        file.force(true);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
