package org.narthex.tsdb.block;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.tsdb.chunk.ChunkCodec;
import org.narthex.tsdb.encoding.Encbuf;
import org.narthex.tsdb.fault.FailPoint;
import org.narthex.tsdb.index.IndexWriter;
import org.narthex.tsdb.index.SymbolSource;

/**
 * Writes a block. Everything goes to a folder with the ending {@code .tmp-for-creation}, is forced to disk and then renamed, so that a block is
 * there whole or not at all. Not thread-safe.
 */
public final class BlockWriter implements Closeable {
    /** Bytes of a chunk file where nothing else is said. */
    public static final long DEFAULT_SEGMENT_BYTES = 512L << 20;

    private final Path target;
    private final Path temporary;
    private final String ulid;
    private final long segmentBytes;
    /** Null if series are named by numbers of symbols. */
    private final SymbolMap symbols;

    private final IndexWriter index;
    private final Encbuf chunk = new Encbuf(1024);
    private FileOutputStream segmentFile;
    private OutputStream segment;
    private int segments;
    private long segmentSize;
    private long[] refs = new long[30];
    private int chunksOfSeries;
    private long floats;
    private long histograms;
    private long series;
    private long chunks;
    private boolean published;

    /** @param names all label names and values of the series to come, each once */
    public BlockWriter(Path parent, String ulid, Collection<String> names) throws IOException {
        this(parent, ulid, new SymbolMap(names), DEFAULT_SEGMENT_BYTES);
    }

    /** @param symbols all label names and values of the series to come */
    public BlockWriter(Path parent, String ulid, SymbolSource symbols, long segmentBytes) throws IOException {
        this.ulid = ulid;
        this.segmentBytes = segmentBytes;
        this.symbols = symbols instanceof SymbolMap map ? map : null;
        target = parent.resolve(ulid);
        temporary = parent.resolve(ulid + ".tmp-for-creation");
        Files.createDirectories(temporary.resolve("chunks"));
        index = new IndexWriter(temporary.resolve("index"), symbols);
    }

    /** Adds a chunk of the series that {@link #endSeries} will name; chunks ascend in time and do not overlap. */
    public void chunk(int encoding, long minTimeMs, long maxTimeMs, byte[] data) throws IOException {
        chunk(encoding, minTimeMs, maxTimeMs, data, data.length);
    }

    /** Adds a chunk that takes the first {@code length} bytes. */
    public void chunk(int encoding, long minTimeMs, long maxTimeMs, byte[] data, int length) throws IOException {
        chunk.clear();
        chunk.uvarint(length);
        int start = chunk.size();
        chunk.u8(encoding);
        chunk.raw(data, 0, length);
        chunk.crcFrom(start);
        if (segment == null || segmentSize + chunk.size() > segmentBytes) {
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
        int samples = ChunkCodec.samples(encoding, data);
        if (isFloat(encoding)) {
            floats += samples;
        } else {
            histograms += samples;
        }
        chunks++;
    }

    private static boolean isFloat(int encoding) {
        return encoding == 1 || encoding == 4;
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
            endSeries(symbols.of(labels));
        }
    }

    /** As {@link #endSeries(Labels)}, with the labels as numbers of symbols: name, value, name, value, …. */
    public void endSeries(int[] labels) throws IOException {
        if (chunksOfSeries > 0) {
            index.add(labels, labels.length / 2, refs, chunksOfSeries);
            chunksOfSeries = 0;
            series++;
        }
    }

    /** Writes all but the last stroke, {@link #publish}, and returns whether there is a block: without samples there is none. */
    public boolean finish(BlockMeta.Draft draft) throws IOException {
        if (floats + histograms == 0) {
            return false;
        }
        closeSegment();
        index.finish();
        SyncedFiles.replace(
                temporary.resolve(TombstoneFile.FILE), TombstoneFile.encode(Map.of()), FailPoint.TOMBSTONE_WRITE);
        BlockMeta.of(ulid, draft, new BlockMeta.Counts(floats, histograms, series, chunks))
                .write(temporary);
        SyncedFiles.syncFolder(temporary.resolve("chunks"));
        SyncedFiles.syncFolder(temporary);
        return true;
    }

    /** Changes a block before anybody sees it. */
    @FunctionalInterface
    public interface Change {
        void apply(Block block) throws IOException;
    }

    /** Gives the finished block its name. */
    public Block publish() throws IOException {
        return publish(block -> {});
    }

    /**
     * Gives the finished block its name, after a last change. When it fails, there is no block.
     *
     * @param last such as deletions that came while the block was written
     */
    public Block publish(Change last) throws IOException {
        last.apply(Block.open(temporary));
        FailPoint.BLOCK_RENAME.reach();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        try {
            FailPoint.BLOCK_RENAME.halfway();
            SyncedFiles.syncFolder(target.toAbsolutePath().getParent());
            Block block = Block.open(target);
            published = true;
            return block;
        } catch (IOException e) {
            // Else it would be found one day, beside those it was made of or another one of the same samples.
            Files.move(target, temporary, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
    }

    /** Removes what was written, if the block was not published. */
    @Override
    public void close() throws IOException {
        index.close();
        if (segment != null) {
            segmentFile.close();
        }
        if (!published) {
            SyncedFiles.deleteFolder(temporary);
        }
    }
}
