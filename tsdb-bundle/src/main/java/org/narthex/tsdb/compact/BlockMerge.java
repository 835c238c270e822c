package org.narthex.tsdb.compact;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.BlockMeta;
import org.narthex.tsdb.block.BlockWriter;
import org.narthex.tsdb.block.Ulid;
import org.narthex.tsdb.index.IndexReader;
import org.narthex.tsdb.index.SeriesMerge;
import org.narthex.tsdb.index.SymbolMerge;

/**
 * Makes one block of some, series by series. In memory are four bytes for each string of each input and for each label of each series, and some for
 * each distinct label pair; of samples, only those at hand. Not thread-safe.
 */
public final class BlockMerge implements Closeable {
    private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Asking the time for each series would cost more than some series do. */
    private static final int CHECK_EVERY = 32;

    private final List<Block> inputs;
    private final Settings settings;
    private final BooleanSupplier isStopped;
    private final List<IndexReader> indices = new ArrayList<>();
    private final SymbolMerge symbols;
    private final BlockWriter writer;

    /**
     * How blocks are written.
     *
     * @param samplesPerChunk aimed at where chunks are encoded anew
     * @param segmentBytes of chunk files
     */
    public record Settings(int samplesPerChunk, long segmentBytes) {}

    /** @param inputs in the order of their time: of samples with equal timestamps, that of the first is kept */
    public BlockMerge(Path parent, List<Block> inputs, Settings settings, BooleanSupplier isStopped)
            throws IOException {
        this.inputs = List.copyOf(inputs);
        this.settings = settings;
        this.isStopped = isStopped;
        inputs.forEach(block -> indices.add(block.index()));
        symbols = new SymbolMerge(indices);
        writer = new BlockWriter(parent, Ulid.create(System.currentTimeMillis()), symbols, settings.segmentBytes);
    }

    /**
     * Writes everything but the last stroke.
     *
     * @return whether there is a block: without samples there is none
     * @throws InterruptedIOException if told to stop
     */
    public boolean write(BlockMeta.Draft draft, PolicyFilter policies) throws IOException {
        ChunkMerge chunks = new ChunkMerge(inputs, writer, policies, settings.samplesPerChunk);
        SeriesMerge series = new SeriesMerge(indices, symbols);
        long resumed = System.nanoTime();
        int count = 0;
        while (series.next()) {
            if (isStopped.getAsBoolean()) {
                throw new InterruptedIOException("the storage is closing");
            }
            chunks.series(series.parts());
            writer.endSeries(series.labels());
            if (++count % CHECK_EVERY == 0 && System.nanoTime() - resumed > WORK_NANOS) {
                // Lets those go first who cannot wait: on one core, this thread would hold them up for a time slice.
                LockSupport.parkNanos(PAUSE_NANOS);
                resumed = System.nanoTime();
            }
        }
        return writer.finish(draft);
    }

    /** Gives the block its name, after a last change. */
    public Block publish(BlockWriter.Change last) throws IOException {
        return writer.publish(last);
    }

    /** Removes what was written, if it was not published. */
    @Override
    public void close() throws IOException {
        writer.close();
    }
}
