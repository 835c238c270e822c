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
    /** No record is longer, decompressed: more can only be a fault, and would cost memory. */
    static final int LONGEST_RECORD = 256 << 20;

    private static final int BUFFER = 32 * Wal.PAGE;

    private final FileChannel channel;
    private final String file;
    private final CRC32C crc = new CRC32C();
    private final Snappy snappy = new Snappy();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private byte[] assembled = new byte[4096];
    private byte[] record;
    private int length;
    /** The record read last as it is stored. */
    private byte[] stored;

    private int storedStart;
    private int storedLength;
    private int storedFlags;
    /** Made when first needed: hardly any log has such records. */
    private Zstd zstd;
    /** Where in the file the buffer begins, and where in the buffer the next fragment. */
    private long bufferStart;

    private int at;
    private boolean ended;
    private long recordStart;

    public WalReader(Path segment) throws IOException {
        this(segment, 0);
    }

    /** @param from where in the segment a record begins, or its end */
    public WalReader(Path segment, long from) throws IOException {
        channel = FileChannel.open(segment, StandardOpenOption.READ);
        file = segment.toString();
        buffer.limit(0);
        if (from > 0) {
            bufferStart = from - from % Wal.PAGE;
            recordStart = from;
            try {
                boolean unused = fill();
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            at = (int) (from - bufferStart);
        }
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
     * @throws CorruptionException if it is not sound; then nothing more can be read
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
            at = begin + part;
            if (type == Wal.FULL) {
                finish(bytes, begin, part, flags);
                return true;
            }
            if (size + part > LONGEST_RECORD) {
                throw new CorruptionException(file, recordStart, "a record longer than " + LONGEST_RECORD + " bytes");
            }
            if (assembled.length < size + part) {
                assembled = Arrays.copyOf(assembled, Math.max(size + part, 2 * assembled.length));
            }
            System.arraycopy(bytes, begin, assembled, size, part);
            size += part;
            if (type == Wal.LAST) {
                finish(assembled, 0, size, flags);
                return true;
            }
            within = true;
        }
    }

    /** Decompresses straight from where the bytes lie. */
    private void finish(byte[] bytes, int start, int size, int flags) throws CorruptionException {
        stored = bytes;
        storedStart = start;
        storedLength = size;
        storedFlags = flags & (Wal.SNAPPY | Wal.ZSTD);
        try {
            if (storedFlags == Wal.SNAPPY) {
                length = snappy.decompress(file, bytes, start, size);
                record = snappy.output();
            } else if (storedFlags == Wal.ZSTD) {
                if (zstd == null) {
                    zstd = new Zstd();
                }
                length = zstd.decompress(file, bytes, start, size);
                record = zstd.output();
            } else if (storedFlags == 0) {
                if (assembled.length < size) {
                    assembled = new byte[Math.max(size, 2 * assembled.length)];
                }
                if (bytes != assembled) {
                    System.arraycopy(bytes, start, assembled, 0, size);
                }
                record = assembled;
                length = size;
            } else {
                throw new CorruptionException(file, recordStart, "a record compressed in two ways at once");
            }
        } catch (CorruptionException e) {
            throw new CorruptionException(file, recordStart, e.reason());
        }
    }

    /** Writes the record read last to another log as it is stored here, without compressing it again. */
    void copyTo(WalWriter writer) throws IOException {
        writer.addStored(stored, storedStart, storedLength, storedFlags);
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
