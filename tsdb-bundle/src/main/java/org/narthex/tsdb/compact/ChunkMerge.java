package org.narthex.tsdb.compact;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.narthex.api.config.StorageConfig.RetentionPolicy;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.BlockWriter;
import org.narthex.tsdb.chunk.ChunkCodec;
import org.narthex.tsdb.chunk.ChunkEncoder;
import org.narthex.tsdb.chunk.Intervals;
import org.narthex.tsdb.chunk.SortedRuns;
import org.narthex.tsdb.chunk.XorChunk;
import org.narthex.tsdb.index.SeriesMerge;

/**
 * Writes the chunks of one series after the other. A chunk goes over as it is where nothing overlaps it, nothing in it is deleted and it is large;
 * else its samples are encoded anew, small ones together: every chunk costs some 30 bytes of its own in file and index. Holds the samples of a few
 * chunks, or of those that overlap, or, under a retention policy, of one series. Not thread-safe.
 */
final class ChunkMerge {
    /** The encoding byte of the newer encoding of floats. */
    private static final int XOR2 = 4;

    private final List<Block> blocks;
    private final BlockWriter writer;
    private final PolicyFilter policies;
    private final int samplesPerChunk;
    private final ChunkEncoder xor;
    private final ChunkEncoder xor2;
    private final Block.StoredChunk stored = new Block.StoredChunk();
    private final List<Ref> refs = new ArrayList<>();
    /** Samples not written yet. */
    private final SampleBuffer pending = new SampleBuffer();

    /** Whether any of them comes from a chunk of XOR2, and so may become one again. */
    private boolean isXor2;

    private record Ref(Block block, Intervals deleted, long min, long max, long ref) {
        /** Whether all its samples stay. */
        boolean isWhole() {
            return max < block.meta().maxTimeMs() && !deleted.touches(min, max);
        }
    }

    /** @param blocks in the order of their time: of samples with equal timestamps, that of the first is kept */
    ChunkMerge(List<Block> blocks, BlockWriter writer, PolicyFilter policies, int samplesPerChunk) {
        this.blocks = blocks;
        this.writer = writer;
        this.policies = policies;
        this.samplesPerChunk = samplesPerChunk;
        // Where chunks end is decided here.
        this.xor = new ChunkEncoder(2 * samplesPerChunk, false, true);
        this.xor2 = new ChunkEncoder(2 * samplesPerChunk, true, true);
    }

    void series(List<SeriesMerge.Part> parts) throws IOException {
        Optional<RetentionPolicy> policy = Optional.empty();
        if (!policies.isEmpty()) {
            SeriesMerge.Part any = parts.get(0);
            policy = policies.policy(blocks.get(any.input()).index().labels(any.series()));
        }
        gather(parts);
        int i = 0;
        while (i < refs.size()) {
            long end = refs.get(i).max;
            int next = i + 1;
            while (next < refs.size() && refs.get(next).min <= end) {
                end = Math.max(end, refs.get(next++).max);
            }
            if (next == i + 1) {
                single(refs.get(i), policy.isPresent());
            } else {
                overlapping(i, next);
            }
            if (policy.isEmpty()) {
                writeFull();
            }
            i = next;
        }
        policy.ifPresent(found -> policies.apply(found, pending));
        writeRest();
    }

    private void gather(List<SeriesMerge.Part> parts) {
        refs.clear();
        for (SeriesMerge.Part part : parts) {
            Block block = blocks.get(part.input());
            Intervals deleted = block.deleted(part.series());
            long[] chunks = part.chunks();
            for (int i = 0; i < chunks.length; i += 3) {
                if (!deleted.covers(chunks[i], chunks[i + 1])) {
                    refs.add(new Ref(block, deleted, chunks[i], chunks[i + 1], chunks[i + 2]));
                }
            }
        }
        refs.sort(Comparator.comparingLong(Ref::min));
    }

    private void single(Ref ref, boolean hasPolicy) throws IOException {
        ref.block.load(ref.ref, stored);
        boolean isFloat = stored.encoding() == XorChunk.ENCODING || stored.encoding() == XOR2;
        boolean isLarge = !isFloat || stored.samples() > samplesPerChunk * 2 / 3;
        boolean isKept = isLarge && !hasPolicy && ref.isWhole();
        if (isKept || (!hasPolicy && isXor2 != (stored.encoding() == XOR2))) {
            writeRest();
        }
        if (isKept) {
            writer.chunk(stored.encoding(), ref.min, ref.max, stored.bytes(), stored.length());
        } else {
            decode(ref);
        }
    }

    private void overlapping(int from, int to) throws IOException {
        int start = pending.size();
        // In the order of the blocks, which decides between equal timestamps.
        for (Block block : blocks) {
            for (int i = from; i < to; i++) {
                if (refs.get(i).block == block) {
                    refs.get(i).block.load(refs.get(i).ref, stored);
                    decode(refs.get(i));
                }
            }
        }
        SortedRuns.merge(pending, start);
    }

    /** Appends the samples of the chunk loaded last. */
    private void decode(Ref ref) throws IOException {
        if (!ChunkCodec.isReadable(stored.encoding())) {
            throw new IOException(ref.block.folder() + ": a chunk of the unknown encoding " + stored.encoding()
                    + " overlaps another or is to lose samples");
        }
        int start = pending.size();
        isXor2 |= stored.encoding() == XOR2;
        stored.decode(Long.MIN_VALUE, ref.block.meta().maxTimeMs() - 1, pending);
        if (!ref.deleted.isEmpty()) {
            ref.deleted.filter(pending, start);
        }
    }

    /** Writes chunks as long as more than one more is there after them. */
    private void writeFull() throws IOException {
        int from = 0;
        while (pending.size() - from >= 2 * samplesPerChunk) {
            encoder().encode(pending, from, from + samplesPerChunk, writer::chunk);
            from += samplesPerChunk;
        }
        if (from > 0) {
            for (int i = from; i < pending.size(); i++) {
                pending.move(i, i - from);
            }
            pending.truncate(pending.size() - from);
        }
    }

    /** Writes what is there in chunks of about the same size. */
    private void writeRest() throws IOException {
        int size = pending.size();
        int count = (size + samplesPerChunk - 1) / samplesPerChunk;
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) size * i / count);
            int to = (int) ((long) size * (i + 1) / count);
            encoder().encode(pending, from, to, writer::chunk);
        }
        pending.clear();
        isXor2 = false;
    }

    private ChunkEncoder encoder() {
        return isXor2 ? xor2 : xor;
    }
}
