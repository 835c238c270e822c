package org.narthex.tsdb.wal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The folder of the write-ahead log, and of the log of out-of-order samples, after {@code tsdb/docs/format/wal.md}: segments named by eight digits, and checkpoints, folders of such
 * segments, which stand for all segments up to the one in their name.
 *
 * <p>A segment is a sequence of pages of 32 KiB; the last may be short. A page holds fragments, then zeros:
 *
 * <pre>
 * byte   low three bits: 0 rest of page is empty, 1 full record, 2 first, 3 middle, 4 last; 0x08 snappy, 0x10 zstd
 * be16   length of data
 * be32   CRC-32C of data
 * data
 * </pre>
 *
 * <p>A record is compressed whole, then split; it never crosses segments. Fewer than seven bytes left in a page are zeros.
 */
public final class Wal {
    public static final int PAGE = 32 * 1024;
    static final int FRAGMENT_HEADER = 7;
    static final int FULL = 1;
    static final int FIRST = 2;
    static final int MIDDLE = 3;
    static final int LAST = 4;
    static final int SNAPPY = 0x08;
    static final int ZSTD = 0x10;

    private static final String CHECKPOINT = "checkpoint.";

    private Wal() {}

    /**
     * A segment file.
     *
     * @param index the number in its name
     */
    public record Segment(int index, Path file) {}

    public static Path segmentFile(Path folder, int index) {
        return folder.resolve(eightDigits(index));
    }

    public static Path checkpointFolder(Path folder, int last) {
        return folder.resolve(CHECKPOINT + eightDigits(last));
    }

    private static String eightDigits(int number) {
        String digits = Integer.toString(number);
        return "00000000".substring(Math.min(8, digits.length())) + digits;
    }

    /** The segments in a folder, ascending; none if there is no folder. */
    public static List<Segment> segments(Path folder) throws IOException {
        List<Segment> segments = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    int index = number(file.getFileName().toString());
                    if (index >= 0) {
                        segments.add(new Segment(index, file));
                    }
                }
            }
        }
        segments.sort(Comparator.comparingInt(Segment::index));
        return segments;
    }

    /** Deletes the segments with smaller numbers, e.g. of the log of out-of-order samples, which has no checkpoints. */
    public static void deleteSegmentsBelow(Path folder, int index) throws IOException {
        for (Segment segment : segments(folder)) {
            if (segment.index() < index) {
                Files.delete(segment.file());
            }
        }
    }

    /** The newest checkpoint: its folder, and the last segment it stands for. */
    public static Optional<Segment> newestCheckpoint(Path folder) throws IOException {
        List<Segment> all = checkpoints(folder);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** All complete checkpoints, ascending. */
    public static List<Segment> checkpoints(Path folder) throws IOException {
        List<Segment> checkpoints = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return checkpoints;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, CHECKPOINT + "*")) {
            for (Path candidate : folders) {
                int last = number(candidate.getFileName().toString().substring(CHECKPOINT.length()));
                if (last >= 0) {
                    checkpoints.add(new Segment(last, candidate));
                }
            }
        }
        checkpoints.sort(Comparator.comparingInt(Segment::index));
        return checkpoints;
    }

    /** The number if the text is eight digits, else -1. */
    private static int number(String text) {
        if (text.length() != 8) {
            return -1;
        }
        for (int i = 0; i < 8; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(text);
    }
}
