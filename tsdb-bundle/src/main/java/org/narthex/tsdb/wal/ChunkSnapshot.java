package org.narthex.tsdb.wal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Decbuf;

/**
 * A snapshot of the head's open chunks, which Prometheus may write when it ends so that it need not replay the log: the folder
 * {@code chunk_snapshot.<segment>.<offset>}, with segments in the log's format, whose records are
 *
 * <pre>
 * 1 series      be64 ref, labels, be64 ignored, uvarint whether there is an open chunk; then, if it is not 0:
 *               be64 first ms, be64 last ms, byte encoding, uvarint length, chunk,
 *               for floats 4 × { be64 ms, be64 value }, of which only the last value counts, for histograms the last histogram
 * 2 tombstones  uvarint length, byte 1, { uvarint ref, varint first ms, varint last ms }
 * 3 exemplars   as in the log
 * </pre>
 *
 * @param segment replay goes on with this segment of the log
 * @param offset from this byte of the segment on
 */
public record ChunkSnapshot(Path folder, int segment, long offset) {
    private static final Pattern NAME = Pattern.compile("chunk_snapshot\\.(\\d{6,9})\\.(\\d{10,18})");
    private static final int SERIES = 1;
    private static final int TOMBSTONES = 2;
    private static final int EXEMPLARS = 3;
    private static final int XOR = 1;
    private static final int HISTOGRAM = 2;
    private static final int FLOAT_HISTOGRAM = 3;
    private static final int XOR2 = 4;
    private static final int HISTOGRAM_WITH_START = 5;
    private static final int FLOAT_HISTOGRAM_WITH_START = 6;
    /** Bit decoders read whole words, past the end of a chunk. */
    private static final int PADDING = 64;

    /** Takes what is in a snapshot. A series comes before its exemplars, not always before its tombstones. */
    public interface Sink {
        /** A series without an open chunk. */
        void series(long ref, Labels labels);

        /**
         * A series with an open chunk of floats.
         *
         * @param chunk the sink's to keep; has at least 64 bytes behind the chunk's own {@code length}, as decoders need
         * @param lastValueBits of the last sample
         */
        void floats(
                long ref,
                Labels labels,
                long minTimeMs,
                long maxTimeMs,
                int encoding,
                byte[] chunk,
                int length,
                long lastValueBits);

        /** A series with an open chunk of histograms. */
        void histograms(
                long ref,
                Labels labels,
                long minTimeMs,
                long maxTimeMs,
                int encoding,
                byte[] chunk,
                int length,
                Histogram last);

        /** Bounds are inclusive. */
        void tombstone(long ref, long minTimeMs, long maxTimeMs);

        void exemplar(long ref, Exemplar exemplar);
    }

    /** All snapshots in a data folder, the newest first: the first that is not damaged is the one to take. */
    public static List<ChunkSnapshot> newestFirst(Path dataFolder) throws IOException {
        List<ChunkSnapshot> found = new ArrayList<>();
        if (Files.isDirectory(dataFolder)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(dataFolder, "chunk_snapshot.*")) {
                for (Path folder : folders) {
                    Matcher name = NAME.matcher(folder.getFileName().toString());
                    if (name.matches() && Files.isDirectory(folder)) {
                        found.add(new ChunkSnapshot(
                                folder, Integer.parseInt(name.group(1)), Long.parseLong(name.group(2))));
                    }
                }
            }
        }
        found.sort(Comparator.comparingInt(ChunkSnapshot::segment)
                .thenComparingLong(ChunkSnapshot::offset)
                .reversed());
        return found;
    }

    /**
     * Reads all of it.
     *
     * @throws CorruptionException naming the file; what came before has gone to the sink and is not to be used, for the snapshot stands for the log
     *     only as a whole
     */
    public void read(Sink sink) throws IOException {
        WalDecoder decoder = new WalDecoder();
        for (Wal.Segment part : Wal.segments(folder)) {
            try (WalReader reader = new WalReader(part.file())) {
                while (reader.next()) {
                    try {
                        decode(decoder, reader.record(), reader.length(), sink);
                    } catch (CorruptionException e) {
                        throw new CorruptionException(
                                part.file().toString(), reader.recordStart(), "snapshot record: " + e.reason());
                    }
                }
            }
        }
    }

    static void decode(WalDecoder decoder, byte[] record, int length, Sink sink) throws CorruptionException {
        Decbuf in = new Decbuf("snapshot record", record, length);
        int type = in.u8();
        switch (type) {
            case SERIES -> series(decoder, in, record, sink);
            case TOMBSTONES -> tombstones(in, sink);
            case EXEMPLARS ->
                decoder.exemplars(in, record, new WalRecord.Sink() {
                    @Override
                    public void exemplar(long ref, Exemplar exemplar) {
                        sink.exemplar(ref, exemplar);
                    }
                });
            // Unlike in the log: passing over a part would leave samples out that the log is not asked for any more.
            default -> throw in.corrupt("unknown type " + type);
        }
    }

    private static void series(WalDecoder decoder, Decbuf in, byte[] record, Sink sink) throws CorruptionException {
        long ref = in.be64();
        Labels labels = decoder.labels(in, record);
        in.skip(Long.BYTES);
        if (in.uvarint() == 0) {
            sink.series(ref, labels);
            return;
        }
        long minTimeMs = in.be64();
        long maxTimeMs = in.be64();
        int encoding = in.u8();
        int length = in.size();
        if (length > in.remaining()) {
            throw in.corrupt("a chunk of " + length + " bytes, of which only " + in.remaining() + " are there");
        }
        byte[] chunk = new byte[length + PADDING];
        in.raw(chunk, length);
        switch (encoding) {
            case XOR, XOR2 -> {
                in.skip(7 * Long.BYTES);
                sink.floats(ref, labels, minTimeMs, maxTimeMs, encoding, chunk, length, in.be64());
            }
            case HISTOGRAM, FLOAT_HISTOGRAM, HISTOGRAM_WITH_START, FLOAT_HISTOGRAM_WITH_START -> {
                boolean isFloat = encoding == FLOAT_HISTOGRAM || encoding == FLOAT_HISTOGRAM_WITH_START;
                Histogram last = HistogramBody.decode(in, isFloat);
                sink.histograms(ref, labels, minTimeMs, maxTimeMs, encoding, chunk, length, last);
            }
            default -> throw in.corrupt("a chunk of the unknown encoding " + encoding);
        }
    }

    private static void tombstones(Decbuf in, Sink sink) throws CorruptionException {
        int length = in.size();
        if (length != in.remaining()) {
            throw in.corrupt("tombstones of " + length + " bytes in " + in.remaining());
        }
        int version = in.u8();
        if (version != 1) {
            throw in.corrupt("unknown version " + version + " of tombstones");
        }
        while (in.hasRemaining()) {
            sink.tombstone(in.uvarint(), in.varint(), in.varint());
        }
    }
}
