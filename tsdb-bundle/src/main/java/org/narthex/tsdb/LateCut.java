package org.narthex.tsdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.BlockMeta;
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
        Wal.deleteSegmentsBelow(folder.resolve("wbl"), lastSegment + 1);
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
        HeadView.Found found = view.selectLate(List.of(), from, to - 1);
        return found.size() == 0
                ? Optional.empty()
                : HeadBlock.write(
                        found,
                        head.encoder(Compaction.SAMPLES_PER_CHUNK),
                        parent,
                        BlockMeta.Draft.ofLateSamples(from, to),
                        () -> stopped);
    }
}
