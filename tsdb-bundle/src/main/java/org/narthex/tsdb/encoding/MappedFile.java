package org.narthex.tsdb.encoding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** A file mapped for reading, of whatever length. It stays readable after it is deleted, until nobody holds this any more. Thread-safe. */
public final class MappedFile {
    /** A buffer ends at 2 GiB. */
    private static final int PIECE_BITS = 30;

    private final String name;
    private final long size;
    private final int pieceBits;
    /** Each begins 2^pieceBits after the one before and is twice as long: what is shorter than that lies in one piece, wherever it begins. */
    private final ByteBuffer[] pieces;

    /** @throws CorruptionException if the file is shorter than it must be */
    public MappedFile(Path path, int leastBytes) throws IOException {
        this(path, leastBytes, PIECE_BITS);
    }

    /** @param pieceBits how long pieces are; few make short files of several */
    public MappedFile(Path path, int leastBytes, int pieceBits) throws IOException {
        this.name = path.toString();
        this.pieceBits = pieceBits;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            size = channel.size();
            if (size < leastBytes) {
                throw new CorruptionException(name, 0, "too short: " + size + " bytes");
            }
            pieces = new ByteBuffer[(int) (Math.max(0, size - 1) >>> pieceBits) + 1];
            for (int i = 0; i < pieces.length; i++) {
                long start = (long) i << pieceBits;
                long length = Math.min(size - start, Math.min(Integer.MAX_VALUE, 2L << pieceBits));
                pieces[i] = channel.map(FileChannel.MapMode.READ_ONLY, start, length);
            }
        }
    }

    public String name() {
        return name;
    }

    public long size() {
        return size;
    }

    /** A cursor over [start, end), or as much of that as one piece has. */
    public Decbuf at(long start, long end) throws CorruptionException {
        if (start < 0 || start > end || end > size) {
            throw new CorruptionException(name, start, "bytes up to " + end + " of " + size + " are wanted");
        }
        int piece = piece(start);
        long base = (long) piece << pieceBits;
        int last = (int) Math.min(end - base, pieces[piece].capacity());
        return new Decbuf(name, pieces[piece], base, (int) (start - base), last);
    }

    private int piece(long offset) {
        return (int) Math.min(offset >>> pieceBits, pieces.length - 1);
    }

    /** The cursor itself, or, where it is beyond the first half of its piece, one that goes on in the next one. */
    public Decbuf follow(Decbuf in, long end) throws CorruptionException {
        return in.position() >>> pieceBits == 0 ? in : at(in.offset(), end);
    }

    /** The piece [start, start + length) as a buffer of its own. */
    public ByteBuffer slice(long start, int length) throws CorruptionException {
        Decbuf in = at(start, start + length);
        if (in.remaining() < length) {
            throw new CorruptionException(name, start, length + " bytes in one piece are more than this version reads");
        }
        return pieces[piece(start)].slice(in.position(), length);
    }

    /** Compares the CRC-32C of [start, start + length) with the four bytes that follow. */
    public void checkCrc(long start, long length) throws CorruptionException {
        long end = start + length;
        if (length < 0 || end > size - 4) {
            throw new CorruptionException(name, start, "a section of " + length + " bytes does not fit into the file");
        }
        CRC32C crc = new CRC32C();
        long at = start;
        while (at < end) {
            int part = (int) Math.min(end - at, 1L << pieceBits);
            crc.update(slice(at, part));
            at += part;
        }
        if (at(end, size).be32() != (int) crc.getValue()) {
            throw new CorruptionException(name, start, "checksum mismatch over " + length + " bytes");
        }
    }
}
