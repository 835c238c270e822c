package org.narthex.tsdb;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.BlockMeta;
import org.narthex.tsdb.block.BlockWriter;
import org.narthex.tsdb.block.Ulid;
import org.narthex.tsdb.chunk.ChunkEncoder;
import org.narthex.tsdb.head.HeadView;

/** Writes series of the head as a block. */
final class HeadBlock {
    private HeadBlock() {}

    /**
     * Writes the samples within the draft's time.
     *
     * @param encoder the head's chunks are short and were encoded sample by sample: anew they take about a tenth less
     * @param stopped ends the work soon, by an {@link InterruptedIOException}
     * @return empty if there are no samples
     */
    static Optional<Block> write(
            HeadView.Found series, ChunkEncoder encoder, Path parent, BlockMeta.Draft draft, BooleanSupplier stopped)
            throws IOException {
        Set<String> symbols = new HashSet<>();
        series.symbols(symbols);
        SampleBuffer samples = new SampleBuffer();
        try (BlockWriter writer = new BlockWriter(parent, Ulid.create(System.currentTimeMillis()), symbols)) {
            for (int i = 0; i < series.size(); i++) {
                if (stopped.getAsBoolean()) {
                    throw new InterruptedIOException("the storage is closing");
                }
                samples.clear();
                series.read(i, draft.minTimeMs(), draft.maxTimeMs() - 1, samples);
                encoder.encode(samples, 0, samples.size(), writer::chunk);
                writer.endSeries(series.labels(i));
            }
            return writer.finish(draft) ? Optional.of(writer.publish()) : Optional.empty();
        }
    }
}
