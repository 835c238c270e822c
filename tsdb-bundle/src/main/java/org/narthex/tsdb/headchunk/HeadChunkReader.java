package org.narthex.tsdb.headchunk;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Decbuf;

/** Reads single chunks. */
final class HeadChunkReader {
    private HeadChunkReader() {}

    static void expectHeader(String file, ByteBuffer bytes) throws CorruptionException {
        Decbuf in = new Decbuf(file, bytes, 0, bytes.capacity());
        int magic = in.be32();
        if (magic != HeadChunkFormat.MAGIC) {
            throw new CorruptionException(file, 0, "not a head chunk file: wrong magic number");
        }
        int version = in.u8();
        if (version != HeadChunkFormat.VERSION) {
            throw new CorruptionException(file, 4, "unknown head chunk file version " + version);
        }
        in.skip(HeadChunkFormat.HEADER - in.position());
    }

    /**
     * Reads the chunk at an index of a part of a file.
     *
     * @param part in big-endian order, whose byte 0 is the file's byte {@code partStart}
     * @return the index after the chunk
     * @throws CorruptionException with the offset in the file where the chunk begins
     */
    static int read(String file, ByteBuffer part, int partStart, int at, HeadChunk into) throws CorruptionException {
        Decbuf in = new Decbuf(file, part, at, part.capacity());
        try {
            long series = in.be64();
            long first = in.be64();
            long last = in.be64();
            int encoding = in.u8();
            int length = in.size();
            int start = in.position();
            in.skip(length);
            CRC32C crc = new CRC32C();
            crc.update(part.slice(at, in.position() - at));
            int expected = in.be32();
            if ((int) crc.getValue() != expected) {
                throw new CorruptionException(file, at, "checksum mismatch over a chunk of " + length + " bytes");
            }
            into.set(series, first, last, encoding, length);
            part.get(start, into.data(), 0, length);
            return in.position();
        } catch (CorruptionException e) {
            throw new CorruptionException(file, (long) partStart + at, e.reason());
        }
    }
}
