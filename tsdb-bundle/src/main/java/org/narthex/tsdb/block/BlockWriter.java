package org.narthex.tsdb.block;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedSet;

import org.narthex.api.model.Labels;
import org.narthex.tsdb.chunk.ChunkCodec;
import org.narthex.tsdb.encoding.Encbuf;
import org.narthex.tsdb.index.IndexWriter;
import org.narthex.tsdb.index.SeriesEntry;

/**
 * Writes a block of XOR chunks. Everything goes to a folder with the ending {@code .tmp-for-creation}, is forced to disk and then renamed, so that
 * a block is there whole or not at all. Not thread-safe.
 */
public final class BlockWriter implements Closeable {
    private static final long SEGMENT_BYTES = 512L << 20;

    private final Path target;
    private final Path temporary;
    private final String ulid;
    private final IndexWriter index;
    private final Encbuf chunk = new Encbuf(1024);
    private FileOutputStream segmentFile;
    private OutputStream segment;
    private int segments;
    private long segmentSize;
    private long[] refs = new long[30];
    private int chunksOfSeries;
    private long samples;
    private long series;
    private long chunks;
    private boolean finished;

    /** @param symbols all label names and values of the series to come, in {@link Labels#UTF8_ORDER} */
    public BlockWriter(Path parent, String ulid, SortedSet<String> symbols) throws IOException {
        this.ulid = ulid;
        target = parent.resolve(ulid);
        temporary = parent.resolve(ulid + ".tmp-for-creation");
        Files.createDirectories(temporary.resolve("chunks"));
        index = new IndexWriter(temporary.resolve("index"), symbols);
    }

    /** Adds a chunk of the series that {@link #endSeries} will name; chunks ascend in time and do not overlap. */
    public void chunk(int encoding, long minTimeMs, long maxTimeMs, byte[] data) throws IOException {
        chunk.clear();
        chunk.uvarint(data.length);
        int start = chunk.size();
        chunk.u8(encoding);
        chunk.raw(data, 0, data.length);
        chunk.crcFrom(start);
        if (segment == null || segmentSize + chunk.size() > SEGMENT_BYTES) {
            nextSegment();
        }
        if (3 * chunksOfSeries == refs.length) {
            refs = Arrays.copyOf(refs, 2 * refs.length);
        }
        refs[3 * chunksOfSeries] = minTimeMs;
        refs[3 * chunksOfSeries + 1] = maxTimeMs;
        refs[3 * chunksOfSeries + 2] = (long) (segments - 1) << 32 | segmentSize;
        chunksOfSeries++;
        segment.write(chunk.bytes(), 0, chunk.size());
        segmentSize += chunk.size();
        samples += ChunkCodec.samples(encoding, data);
        chunks++;
    }

    private void nextSegment() throws IOException {
        closeSegment();
        String number = Integer.toString(++segments);
        Path file = temporary.resolve("chunks").resolve("000000".substring(number.length()) + number);
        segmentFile = new FileOutputStream(file.toFile());
        segment = new BufferedOutputStream(segmentFile, 1 << 16);
        Encbuf header = new Encbuf(ChunkFiles.HEADER);
        header.be32(ChunkFiles.MAGIC);
        header.u8(1);
        header.zeros(3);
        segment.write(header.bytes(), 0, header.size());
        segmentSize = header.size();
    }

    private void closeSegment() throws IOException {
        if (segment != null) {
            segment.flush();
            segmentFile.getFD().sync();
            segment.close();
            segment = null;
        }
    }

    /** Adds the series the last chunks belong to; none if there were no chunks. Series ascend by labels. */
    public void endSeries(Labels labels) throws IOException {
        if (chunksOfSeries > 0) {
            index.add(new SeriesEntry(labels, Arrays.copyOf(refs, 3 * chunksOfSeries)));
            chunksOfSeries = 0;
            series++;
        }
    }

    /**
     * Completes the block.
     *
     * @param minTimeMs inclusive
     * @param maxTimeMs exclusive
     * @return whether there is one: without samples there is none
     */
    public boolean finish(long minTimeMs, long maxTimeMs) throws IOException {
        if (samples == 0) {
            return false;
        }
        closeSegment();
        index.finish();
        SyncedFiles.replace(temporary.resolve(TombstoneFile.FILE), TombstoneFile.encode(Map.of()));
        BlockMeta.fresh(ulid, minTimeMs, maxTimeMs, samples, series, chunks).write(temporary);
        SyncedFiles.syncFolder(temporary.resolve("chunks"));
        SyncedFiles.syncFolder(temporary);
        SyncedFiles.rename(temporary, target);
        finished = true;
        return true;
    }

    public Path folder() {
        return target;
    }

    /** Removes what was written, if the block was not completed. */
    @Override
    public void close() throws IOException {
        index.close();
        if (segment != null) {
            segmentFile.close();
        }
        if (!finished) {
            SyncedFiles.deleteFolder(temporary);
        }
    }
}
