package org.narthex.scrape;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import io.airlift.compress.zstd.ZstdInputStream;

/** Unpacks pages, one at a time. Used again, since an inflater is dear to make. */
final class Unpacker {
    private static final int GZIP_MAGIC = 0x8b1f;
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final PageBuffers buffers;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private byte[] out;
    private int length;

    Unpacker(PageBuffers buffers) {
        this.buffers = buffers;
    }

    /**
     * Unpacks into a buffer of its own, which is the caller's then; the packed one stays his.
     *
     * @param limit the first length that is too large
     */
    byte[] unpack(byte[] packed, int packedLength, boolean gzip, long limit) throws ScrapeException {
        out = buffers.take(8 * packedLength);
        length = 0;
        try {
            if (gzip) {
                gunzip(packed, packedLength, limit);
            } else {
                unzstd(packed, packedLength, limit);
            }
            if (length == out.length) {
                out = buffers.grow(out, length, length + 1);
            }
            byte[] done = out;
            out = null;
            return done;
        } catch (IOException | DataFormatException | RuntimeException e) {
            // The reader of zstd says in many ways that its input is damaged.
            throw new ScrapeException("cannot unpack the body: " + e.getMessage());
        } finally {
            if (out != null) {
                buffers.giveBack(out);
                out = null;
            }
        }
    }

    /** Of the page unpacked last. */
    int length() {
        return length;
    }

    private void gunzip(byte[] in, int end, long limit) throws ScrapeException, IOException, DataFormatException {
        int at = 0;
        do {
            at = header(in, at, end);
            inflater.reset();
            inflater.setInput(in, at, end - at);
            int from = length;
            while (!inflater.finished()) {
                if (length == out.length) {
                    out = buffers.grow(out, length, 2 * length);
                }
                int n = inflater.inflate(out, length, out.length - length);
                length += n;
                if (length >= limit) {
                    throw BodyReader.exceeded();
                }
                if (n == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new IOException("unexpected end of gzip");
                }
            }
            at = end - inflater.getRemaining();
            if (end - at < TRAILER) {
                throw new IOException("unexpected end of gzip");
            }
            crc.reset();
            crc.update(out, from, length - from);
            if (number(in, at, 4) != crc.getValue() || number(in, at + 4, 4) != length - from) {
                throw new IOException("checksum of gzip does not fit");
            }
            at += TRAILER;
        } while (at < end);
    }

    /** Skips the header of a member (RFC 1952); returns where the data begin. */
    private static int header(byte[] in, int from, int end) throws IOException {
        if (end - from < HEADER || number(in, from, 2) != GZIP_MAGIC || in[from + 2] != 8) {
            throw new IOException("not in gzip format");
        }
        int flags = in[from + 3];
        int at = from + HEADER;
        if ((flags & EXTRA) != 0) {
            at += end - at < 2 ? 2 : 2 + (int) number(in, at, 2);
        }
        for (int text : new int[] {NAME, COMMENT}) {
            if ((flags & text) != 0) {
                while (at < end && in[at] != 0) {
                    at++;
                }
                at++;
            }
        }
        at += (flags & HEADER_CRC) != 0 ? 2 : 0;
        if (at > end) {
            throw new IOException("unexpected end of gzip");
        }
        return at;
    }

    private static long number(byte[] in, int at, int bytes) {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (in[at + i] & 0xffL) << (8 * i);
        }
        return number;
    }

    private void unzstd(byte[] in, int end, long limit) throws ScrapeException, IOException {
        try (InputStream unpacked = new ZstdInputStream(new ByteArrayInputStream(in, 0, end))) {
            int n = 0;
            while (n >= 0) {
                length += n;
                if (length >= limit) {
                    throw BodyReader.exceeded();
                }
                if (length == out.length) {
                    out = buffers.grow(out, length, 2 * length);
                }
                n = unpacked.read(out, length, out.length - length);
            }
        }
    }
}
