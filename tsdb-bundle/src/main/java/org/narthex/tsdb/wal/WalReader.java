package org.narthex.tsdb.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

import org.narthex.tsdb.encoding.CorruptionException;

/**
 * Reads the records of one segment. A fault is a {@link CorruptionException}; everything before {@link #recordStart()} is sound. Not thread-safe.
 */
public final class WalReader implements Closeable {
    private static final int BUFFER = 32 * Wal.PAGE;

    private final FileChannel channel;
    private final String file;
    private final CRC32C crc = new CRC32C();
    private final Snappy snappy = new Snappy();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private byte[] assembled = new byte[4096];
    private byte[] record;
    private int length;
    /** Where in the file the buffer begins, and where in the buffer the next fragment. */
    private long bufferStart;

    private int at;
    private boolean ended;
    private long recordStart;

    public WalReader(Path segment) throws IOException {
        channel = FileChannel.open(segment, StandardOpenOption.READ);
        file = segment.toString();
        buffer.limit(0);
    }

    /** The record read last; valid until the next call. */
    public byte[] record() {
        return record;
    }

    public int length() {
        return length;
    }

    /** Where the record read last, or the faulty one, begins; bytes from the start of the segment. */
    public long recordStart() {
        return recordStart;
    }

    /**
     * Reads the next record.
     *
     * @return whether there was one
     * @throws UnsupportedOperationException if it is compressed with zstd
     */
    public boolean next() throws IOException {
        int size = 0;
        int flags = 0;
        boolean within = false;
        while (true) {
            if (!toFragment()) {
                if (within) {
                    throw new CorruptionException(file, recordStart, "the last record is torn");
                }
                return false;
            }
            byte[] bytes = buffer.array();
            int header = bytes[at] & 0xff;
            int type = header & 7;
            int part = buffer.getShort(at + 1) & 0xffff;
            int begin = at + Wal.FRAGMENT_HEADER;
            long where = bufferStart + at;
            if (!within) {
                recordStart = where;
                flags = header;
            }
            boolean starts = type == Wal.FULL || type == Wal.FIRST;
            if (type > Wal.LAST || starts == within) {
                throw new CorruptionException(file, where, "unexpected fragment of type " + type);
            }
            if (part > Wal.PAGE - at % Wal.PAGE - Wal.FRAGMENT_HEADER || begin + part > buffer.limit()) {
                throw new CorruptionException(file, where, "a fragment of " + part + " bytes runs over its page");
            }
            crc.reset();
            crc.update(bytes, begin, part);
            if ((int) crc.getValue() != buffer.getInt(at + 3)) {
                throw new CorruptionException(file, where, "checksum mismatch over " + part + " bytes");
            }
            if (assembled.length < size + part) {
                assembled = Arrays.copyOf(assembled, Math.max(size + part, 2 * assembled.length));
            }
            System.arraycopy(bytes, begin, assembled, size, part);
            size += part;
            at = begin + part;
            if (type == Wal.FULL || type == Wal.LAST) {
                finish(size, flags);
                return true;
            }
            within = true;
        }
    }

    private void finish(int size, int flags) throws CorruptionException {
        if ((flags & Wal.ZSTD) != 0) {
            throw new UnsupportedOperationException(
                    file + " holds records compressed with zstd, which this version cannot read");
        }
        if ((flags & Wal.SNAPPY) != 0) {
            try {
                length = snappy.decompress(file, assembled, size);
            } catch (CorruptionException e) {
                throw new CorruptionException(file, recordStart, e.getMessage());
            }
            record = snappy.output();
        } else {
            record = assembled;
            length = size;
        }
    }

    /** Goes to the next fragment, over the zeros at the end of pages; false at the end of the segment. */
    private boolean toFragment() throws IOException {
        while (true) {
            int left = Wal.PAGE - at % Wal.PAGE;
            if (left < Wal.FRAGMENT_HEADER) {
                expectZeros(left);
                at += left;
            }
            if (at >= buffer.limit()) {
                if (ended || !fill()) {
                    return false;
                }
                continue;
            }
            byte[] bytes = buffer.array();
            if (bytes[at] == 0) {
                int rest = Wal.PAGE - at % Wal.PAGE;
                expectZeros(rest);
                at += rest;
                continue;
            }
            if (buffer.limit() - at < Wal.FRAGMENT_HEADER) {
                recordStart = bufferStart + at;
                throw new CorruptionException(file, recordStart, "the last record is torn");
            }
            return true;
        }
    }

    private void expectZeros(int count) throws CorruptionException {
        byte[] bytes = buffer.array();
        int end = Math.min(at + count, buffer.limit());
        for (int i = at; i < end; i++) {
            if (bytes[i] != 0) {
                recordStart = bufferStart + at;
                throw new CorruptionException(file, recordStart, "padding is not zero");
            }
        }
    }

    private boolean fill() throws IOException {
        bufferStart += at == 0 ? 0 : BUFFER;
        at = 0;
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, bufferStart + buffer.position()) < 0) {
                ended = true;
                break;
            }
        }
        buffer.flip();
        return buffer.limit() > 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
