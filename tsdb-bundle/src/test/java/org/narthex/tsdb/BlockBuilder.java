package org.narthex.tsdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.BlockMeta;
import org.narthex.tsdb.block.BlockWriter;
import org.narthex.tsdb.block.Ulid;
import org.narthex.tsdb.chunk.ChunkEncoder;

/** Makes blocks for tests. */
final class BlockBuilder {
    private static long created = 1_700_000_000_000L;

    private final SortedMap<Labels, SampleBuffer> series = new TreeMap<>();
    private int samplesPerChunk = 120;
    private boolean xor2;

    BlockBuilder samplesPerChunk(int count) {
        samplesPerChunk = count;
        return this;
    }

    /** Writes floats as XOR2, and start timestamps with them. */
    BlockBuilder xor2() {
        xor2 = true;
        return this;
    }

    /** Adds a sample; those of one series ascend. */
    BlockBuilder add(Labels labels, long timeMs, double value) {
        buffer(labels).add(timeMs, value);
        return this;
    }

    SampleBuffer buffer(Labels labels) {
        return series.computeIfAbsent(labels, key -> new SampleBuffer());
    }

    Block write(Path folder, long minTimeMs, long maxTimeMs) throws IOException {
        Files.createDirectories(folder);
        Set<String> names = new HashSet<>();
        for (Labels labels : series.keySet()) {
            names.addAll(labels.toMap().keySet());
            names.addAll(labels.toMap().values());
        }
        ChunkEncoder encoder = new ChunkEncoder(samplesPerChunk, xor2, xor2);
        try (BlockWriter writer = new BlockWriter(folder, Ulid.create(created++), names)) {
            for (var entry : series.entrySet()) {
                encoder.encode(entry.getValue(), 0, entry.getValue().size(), writer::chunk);
                writer.endSeries(entry.getKey());
            }
            writer.finish(BlockMeta.Draft.ofHead(minTimeMs, maxTimeMs));
            return writer.publish();
        }
    }
}
