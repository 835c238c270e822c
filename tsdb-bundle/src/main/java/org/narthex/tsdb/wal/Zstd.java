package org.narthex.tsdb.wal;

import org.narthex.tsdb.encoding.CorruptionException;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdCompressor;
import io.airlift.compress.zstd.ZstdDecompressor;

/**
 * Zstandard frames (RFC 8878), both ways. A frame's outline is read here first: how much it can become is known from its blocks, so that damaged
 * bytes claim no memory that sound ones would not need. Not thread-safe: it keeps its output between calls.
 */
final class Zstd {
    private static final int MAGIC = 0xFD2FB528;
    private static final int LARGEST_BLOCK = 128 * 1024;
    private static final int BLOCK_RUN = 1;
    private static final int BLOCK_COMPRESSED = 2;

    private final ZstdDecompressor decompressor = new ZstdDecompressor();
    private final ZstdCompressor compressor = new ZstdCompressor();
    private byte[] output = new byte[1024];

    /** The result of the last call; only as many bytes count as it returned. */
    byte[] output() {
        return output;
    }

    /** @return the compressed length */
    int compress(byte[] input, int length) {
        int worst = compressor.maxCompressedLength(length);
        if (output.length < worst) {
            output = new byte[worst];
        }
        return compressor.compress(input, 0, length, output, 0, output.length);
    }

    /** @return the decompressed length */
    int decompress(String file, byte[] in, int start, int length) throws CorruptionException {
        long most = largest(file, in, start, start + length);
        if (most > WalReader.LONGEST_RECORD) {
            throw new CorruptionException(
                    file, 0, "zstd: " + most + " bytes, more than the " + WalReader.LONGEST_RECORD + " allowed");
        }
        if (output.length < most) {
            output = new byte[(int) Math.min(WalReader.LONGEST_RECORD, Math.max(most, 2L * output.length))];
        }
        try {
            return decompressor.decompress(in, start, length, output, 0, output.length);
        } catch (MalformedInputException e) {
            throw new CorruptionException(file, e.getOffset(), "zstd: " + e.getMessage());
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            // Damaged tables lead the decompressor out of its arrays, which it leaves to the JVM to notice.
            throw new CorruptionException(file, 0, "zstd: " + e);
        }
    }

    /** The most bytes the frame can become: what it says itself, or else what its blocks can hold. */
    private static long largest(String file, byte[] in, int start, int end) throws CorruptionException {
        if (end - start < 6 || number(in, start, 4) != Integer.toUnsignedLong(MAGIC)) {
            throw new CorruptionException(file, 0, "zstd: not a frame");
        }
        int descriptor = in[start + 4] & 0xff;
        boolean single = (descriptor & 0x20) != 0;
        int dictionaryBytes = (1 << (descriptor & 3)) >> 1;
        int sizeFlag = descriptor >>> 6;
        int sizeBytes = sizeFlag > 0 ? 1 << sizeFlag : single ? 1 : 0;
        int at = start + 5 + (single ? 0 : 1) + dictionaryBytes;
        int firstBlock = at + sizeBytes;
        if (firstBlock > end) {
            throw new CorruptionException(file, at - start, "zstd: ends within the frame's header");
        }
        long declared = number(in, at, sizeBytes) + (sizeBytes == 2 ? 256 : 0);
        long held = 0;
        boolean last = false;
        for (at = firstBlock; !last; ) {
            if (end - at < 3) {
                throw new CorruptionException(file, at - start, "zstd: ends without a last block");
            }
            int header = (int) number(in, at, 3);
            last = (header & 1) != 0;
            int kind = (header >>> 1) & 3;
            int size = header >>> 3;
            if (kind > BLOCK_COMPRESSED || size > LARGEST_BLOCK) {
                throw new CorruptionException(file, at - start, "zstd: a block of kind " + kind + ", size " + size);
            }
            held += kind == BLOCK_COMPRESSED ? LARGEST_BLOCK : size;
            at += 3 + (kind == BLOCK_RUN ? 1 : size);
        }
        if (at + ((descriptor & 4) != 0 ? 4 : 0) != end) {
            throw new CorruptionException(file, at - start, "zstd: the frame does not end where the record does");
        }
        if (sizeBytes > 0 && (declared < 0 || declared > held)) {
            throw new CorruptionException(
                    file,
                    0,
                    "zstd: blocks of at most " + held + " bytes cannot hold " + Long.toUnsignedString(declared));
        }
        return sizeBytes > 0 ? declared : held;
    }

    /** Little-endian, of up to eight bytes. */
    private static long number(byte[] in, int at, int bytes) {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (in[at + i] & 0xffL) << (8 * i);
        }
        return number;
    }
}
