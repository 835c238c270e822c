package org.narthex.tsdb;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.BlockMeta;
import org.narthex.tsdb.block.BlockWriter;
import org.narthex.tsdb.block.Ulid;
import org.narthex.tsdb.chunk.ChunkEncoder;
import org.narthex.tsdb.chunk.SeriesSource;
import org.narthex.tsdb.fault.FailPoint;
import org.narthex.tsdb.head.Head;
import org.narthex.tsdb.head.HeadView;
import org.narthex.tsdb.wal.Wal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves out-of-order samples into blocks of their own, one for each block range that has any; they overlap with the blocks that are there, until
 * compaction makes one of them. Then the log of out-of-order samples begins anew. Called by one thread at a time.
 */
final class LateCut {
    private static final Logger LOG = LoggerFactory.getLogger(LateCut.class);

    private final DataFolder folder;
    private final Head head;
    private final Blocks blocks;
    private final long rangeMs;
    private volatile boolean stopped;

    LateCut(DataFolder folder, Head head, Blocks blocks, long rangeMs) {
        this.folder = folder;
        this.head = head;
        this.blocks = blocks;
        this.rangeMs = rangeMs;
    }

    /** Ends running work soon. */
    void stop() {
        stopped = true;
    }

    void run(HeadLogs logs) throws IOException {
        if (head.minLateMs() == Long.MAX_VALUE) {
            return;
        }
        FailPoint.LATE_CUT.reach();
        int lastSegment;
        HeadView view;
        try {
            // What comes after the view goes to segments that stay.
            lastSegment = head.locked(() -> cut(logs));
            view = head.view(() -> {});
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        List<Block> written;
        try (HeadView open = view) {
            written = write(open, folder.path());
            head.truncateLate(open, () -> written.forEach(blocks::add));
        }
        FailPoint.LATE_CUT.halfway();
        for (Wal.Segment segment : Wal.segments(folder.resolve("wbl"))) {
            if (segment.index() <= lastSegment) {
                Files.delete(segment.file());
            }
        }
        LOG.info("wrote {} blocks of out-of-order samples", written.size());
    }

    private static int cut(HeadLogs logs) {
        try {
            int last = logs.wbl().segment();
            logs.wbl().cut();
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the out-of-order samples of a view into blocks in a folder. */
    List<Block> write(HeadView view, Path parent) throws IOException {
        List<Block> written = new ArrayList<>();
        long last = head.maxLateMs();
        long from = head.minLateMs() == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : Math.floorDiv(head.minLateMs(), rangeMs) * rangeMs;
        for (; from <= last; from += rangeMs) {
            write(view, parent, from, from + rangeMs).ifPresent(written::add);
        }
        return written;
    }

    private Optional<Block> write(HeadView view, Path parent, long from, long to) throws IOException {
        SeriesSource found = view.selectLate(List.of(), from, to - 1);
        if (found.size() == 0) {
            return Optional.empty();
        }
        Set<String> symbols = new HashSet<>();
        for (int i = 0; i < found.size(); i++) {
            Labels labels = found.labels(i);
            for (int j = 0; j < labels.size(); j++) {
                symbols.add(labels.name(j));
                symbols.add(labels.value(j));
            }
        }
        ChunkEncoder encoder = head.encoder(Compaction.SAMPLES_PER_CHUNK);
        SampleBuffer samples = new SampleBuffer();
        try (BlockWriter writer = new BlockWriter(parent, Ulid.create(System.currentTimeMillis()), symbols)) {
            for (int i = 0; i < found.size(); i++) {
                if (stopped) {
                    throw new InterruptedIOException("the storage is closing");
                }
                samples.clear();
                found.read(i, from, to - 1, samples);
                encoder.encode(samples, 0, samples.size(), writer::chunk);
                writer.endSeries(found.labels(i));
            }
            return writer.finish(BlockMeta.Draft.ofLateSamples(from, to))
                    ? Optional.of(writer.publish())
                    : Optional.empty();
        }
    }
}
