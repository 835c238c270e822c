package org.narthex.tsdb.encoding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A cursor over stored bytes that never reads past its end: every fault is a {@link CorruptionException} naming file and offset. Not thread-safe.
 */
public final class Decbuf {
    private final ByteBuffer bytes;
    private final String file;
    /** Where in the file the buffer begins. */
    private final long base;

    private final int start;
    private int position;
    private int end;

    /** @param bytes in big-endian order; its own position and limit are not touched */
    public Decbuf(String file, ByteBuffer bytes, int start, int end) {
        this(file, bytes, 0, start, end);
    }

    /** @param base where in the file the buffer begins */
    Decbuf(String file, ByteBuffer bytes, long base, int start, int end) {
        this.base = base;
        this.file = file;
        this.bytes = bytes;
        this.start = start;
        this.position = start;
        this.end = end;
    }

    public Decbuf(String file, byte[] bytes, int length) {
        this(file, ByteBuffer.wrap(bytes), 0, length);
    }

    public int position() {
        return position;
    }

    /** The position, counted from the start of the file. */
    public long offset() {
        return base + position;
    }

    public int remaining() {
        return end - position;
    }

    public boolean hasRemaining() {
        return position < end;
    }

    public CorruptionException corrupt(String why) {
        return new CorruptionException(file, base + position, why);
    }

    private void need(int count) throws CorruptionException {
        if (end - position < count || count < 0) {
            throw corrupt("needs " + count + " more bytes, has " + (end - position) + " of the " + (end - start)
                    + " from byte " + start);
        }
    }

    public void skip(int count) throws CorruptionException {
        need(count);
        position += count;
    }

    public int u8() throws CorruptionException {
        need(1);
        return bytes.get(position++) & 0xff;
    }

    public int be16() throws CorruptionException {
        need(2);
        position += 2;
        return bytes.getShort(position - 2) & 0xffff;
    }

    public int be32() throws CorruptionException {
        need(4);
        position += 4;
        return bytes.getInt(position - 4);
    }

    /** A fixed 32-bit number that counts or measures something in memory. */
    public int size32() throws CorruptionException {
        int value = be32();
        if (value < 0) {
            throw corrupt("length " + Integer.toUnsignedString(value) + " is beyond what can be");
        }
        return value;
    }

    public long be64() throws CorruptionException {
        need(8);
        position += 8;
        return bytes.getLong(position - 8);
    }

    public long uvarint() throws CorruptionException {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = u8();
            if (shift == 63 && b > 1) {
                break;
            }
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw corrupt("a variable-length integer is longer than 64 bits");
    }

    /** An unsigned number that counts or measures something in memory. */
    public int size() throws CorruptionException {
        long value = uvarint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw corrupt("length " + Long.toUnsignedString(value) + " is beyond what can be");
        }
        return (int) value;
    }

    public long varint() throws CorruptionException {
        long value = uvarint();
        return (value >>> 1) ^ -(value & 1);
    }

    public String str() throws CorruptionException {
        int length = size();
        need(length);
        byte[] utf8 = new byte[length];
        bytes.get(position, utf8);
        position += length;
        return new String(utf8, StandardCharsets.UTF_8);
    }

    public void skipStr() throws CorruptionException {
        skip(size());
    }

    /** The bytes of a string. */
    public byte[] strBytes() throws CorruptionException {
        return raw(size());
    }

    /** Skips a string if it has just these bytes, else stays. */
    public boolean skipStr(byte[] expected) throws CorruptionException {
        int before = position;
        int length = size();
        if (length == expected.length) {
            need(length);
            int i = 0;
            while (i < length && bytes.get(position + i) == expected[i]) {
                i++;
            }
            if (i == length) {
                position += length;
                return true;
            }
        }
        position = before;
        return false;
    }

    public byte[] raw(int length) throws CorruptionException {
        need(length);
        byte[] raw = new byte[length];
        bytes.get(position, raw);
        position += length;
        return raw;
    }

    /** Copies bytes to the start of the given array, which must be long enough. */
    public void raw(byte[] into, int length) throws CorruptionException {
        need(length);
        bytes.get(position, into, 0, length);
        position += length;
    }

    /** Takes the last four bytes off the end as CRC-32C of everything from the present position up to them, and compares. */
    public void checkTrailingCrc() throws CorruptionException {
        need(4);
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(position, end - 4 - position));
        int expected = bytes.getInt(end - 4);
        end -= 4;
        if ((int) crc.getValue() != expected) {
            throw corrupt("checksum mismatch over " + (end - position) + " bytes");
        }
    }
}
