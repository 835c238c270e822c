package org.narthex.tsdb.headchunk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The format, after {@code tsdb/docs/format/head_chunks.md}. Files are named by six digits, from {@code 000001}.
 *
 * <pre>
 * be32 0x0130BC91, byte version 1, three zero bytes
 * { be64 series ref, be64 first ms, be64 last ms, byte encoding (0x80 set: out of order), uvarint length of data, data,
 *   be32 CRC-32C of everything from the series ref on }
 * </pre>
 *
 * <p>A chunk's place is {@code file << 32 | offset}, offsets from the start of the file. Zeros may follow the last chunk. Chunks of a file are in the
 * order they were completed in, series mixed.
 */
final class HeadChunkFormat {
    static final int MAGIC = 0x0130BC91;
    static final int VERSION = 1;
    static final int HEADER = 8;
    static final int OUT_OF_ORDER = 0x80;
    /** Series ref, times and encoding. */
    static final int CHUNK_HEADER = 25;

    static final int CRC = 4;
    /** The fewest bytes of a chunk: one for the length, none of data. */
    static final int SHORTEST = CHUNK_HEADER + 1 + CRC;

    private HeadChunkFormat() {}

    record NumberedFile(int number, Path path) {}

    static Path file(Path folder, int number) {
        String digits = Integer.toString(number);
        return folder.resolve("000000".substring(Math.min(6, digits.length())) + digits);
    }

    /** The files in a folder, ascending; none if there is no folder. */
    static List<NumberedFile> files(Path folder) throws IOException {
        List<NumberedFile> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> present = Files.newDirectoryStream(folder)) {
                for (Path path : present) {
                    int number = number(path.getFileName().toString());
                    if (number > 0) {
                        files.add(new NumberedFile(number, path));
                    }
                }
            }
        }
        files.sort(Comparator.comparingInt(NumberedFile::number));
        return files;
    }

    /** The number if the text is six to nine digits, else -1. */
    private static int number(String text) {
        if (text.length() < 6 || text.length() > 9) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(text);
    }

    static long ref(int file, int offset) {
        return (long) file << 32 | Integer.toUnsignedLong(offset);
    }
}
