package org.narthex.tsdb.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Decbuf;

/**
 * The chunk segments of a block, mapped; after {@code tsdb/docs/format/chunks.md}. A chunk's place is {@code segment << 32 | offset}, segments
 * counted from 0, files from {@code 000001}. Thread-safe.
 *
 * <pre>
 * be32 0x85BD40DD, byte version 1, three zero bytes
 * { uvarint length of data, byte encoding, data, be32 CRC-32C of encoding and data }
 * </pre>
 */
final class ChunkFiles {
    static final int MAGIC = 0x85BD40DD;
    static final int HEADER = 8;

    private final Path folder;
    private final List<String> names = new ArrayList<>();
    private final List<ByteBuffer> segments = new ArrayList<>();

    private long size;

    ChunkFiles(Path folder) throws IOException {
        this.folder = folder;
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> present = Files.newDirectoryStream(folder)) {
                for (Path file : present) {
                    String name = file.getFileName().toString();
                    if (name.length() == 6 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                        files.add(file);
                    }
                }
            }
        }
        files.sort(null);
        for (Path file : files) {
            // A chunk's place counts files: with one missing, all would be found in the wrong ones.
            if (Integer.parseInt(file.getFileName().toString()) != segments.size() + 1) {
                throw new CorruptionException(file.toString(), 0, "the chunk file before this one is missing");
            }
            map(file);
        }
    }

    /** Bytes of all files. */
    long size() {
        return size;
    }

    private void map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = channel.size();
            if (length > Integer.MAX_VALUE) {
                throw new IOException(file + ": a segment of " + length + " bytes is more than this version reads");
            }
            size += length;
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
            Decbuf header = new Decbuf(file.toString(), bytes, 0, (int) length);
            if (header.be32() != MAGIC) {
                throw new CorruptionException(file.toString(), 0, "not a chunk file: wrong magic number");
            }
            int version = header.u8();
            if (version != 1) {
                throw new CorruptionException(file.toString(), 4, "unknown chunk file version " + version);
            }
            names.add(file.toString());
            segments.add(bytes);
        }
    }

    /** One chunk, found and checked. */
    record Found(String file, ByteBuffer segment, int encoding, int start, int length) {
        /** Copies the data to the start of the array, which is long enough. */
        void copyTo(byte[] into) {
            segment.get(start, into, 0, length);
        }
    }

    Found find(long ref) throws CorruptionException {
        int number = (int) (ref >>> 32);
        long offset = ref & 0xffff_ffffL;
        if (number < 0 || number >= segments.size()) {
            throw new CorruptionException(
                    folder.toString(), offset, "a chunk is in file " + (number + 1) + " of " + segments.size());
        }
        ByteBuffer segment = segments.get(number);
        if (offset < HEADER || offset >= segment.capacity()) {
            throw new CorruptionException(names.get(number), offset, "no chunk can be here");
        }
        Decbuf in = new Decbuf(names.get(number), segment, (int) offset, segment.capacity());
        int length = in.size();
        if (in.remaining() - 5 < length) {
            throw in.corrupt("a chunk of " + length + " bytes does not fit into the file");
        }
        int start = in.position();
        int encoding = in.u8();
        CRC32C crc = new CRC32C();
        crc.update(segment.slice(start, 1 + length));
        in.skip(length);
        if (in.be32() != (int) crc.getValue()) {
            throw new CorruptionException(names.get(number), offset, "checksum mismatch over a chunk");
        }
        return new Found(names.get(number), segment, encoding, start + 1, length);
    }
}
