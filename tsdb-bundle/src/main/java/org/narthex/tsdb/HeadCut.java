package org.narthex.tsdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.BlockMeta;
import org.narthex.tsdb.block.SyncedFiles;
import org.narthex.tsdb.fault.FailPoint;
import org.narthex.tsdb.head.Head;
import org.narthex.tsdb.head.HeadStats;
import org.narthex.tsdb.head.HeadView;
import org.narthex.tsdb.head.LongIntMap;
import org.narthex.tsdb.wal.Checkpoint;
import org.narthex.tsdb.wal.WalWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the older part of the head into blocks. When the head spans more than one and a half block ranges, its first range can no longer change: it
 * is written as a block from a view, without stopping appends, then hidden in the head in the same moment as the block appears.
 */
final class HeadCut {
    private static final Logger LOG = LoggerFactory.getLogger(HeadCut.class);
    /** After a failure, e.g. on a full disk, the next attempt waits so long. */
    private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final DataFolder folder;
    private final Head head;
    private final Blocks blocks;
    private final Settings settings;
    private final DatabaseFigures figures;
    private final LateCut lateCut;
    private volatile boolean stopped;
    private long failedAt;
    private boolean failing;

    HeadCut(DataFolder folder, Head head, Blocks blocks, Settings settings, DatabaseFigures figures) {
        this.folder = folder;
        this.head = head;
        this.blocks = blocks;
        this.settings = settings;
        this.figures = figures;
        this.lateCut = new LateCut(folder, head, blocks, settings.blockRangeMs());
    }

    /** Ends running work soon. */
    void stop() {
        stopped = true;
        lateCut.stop();
    }

    /** Cuts as many blocks as there are ranges to cut. */
    synchronized void run(HeadLogs logs) {
        if (failing && System.nanoTime() - failedAt < RETRY_NANOS) {
            return;
        }
        try {
            boolean cut = false;
            while (!stopped && isCuttable()) {
                cutRange();
                cut = true;
            }
            if (cut) {
                lateCut.run(logs);
                blocks.expire();
                shortenLog(logs.wal());
            }
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (stopped) {
                return;
            }
            failing = true;
            failedAt = System.nanoTime();
            figures.cutFailed();
            LOG.error("cannot move the head's older part into a block, trying again in a minute: {}", e.toString());
        }
    }

    private boolean isCuttable() {
        HeadStats stats = head.stats();
        return stats.minTimeMs() < stats.maxTimeMs()
                && stats.maxTimeMs() - stats.minTimeMs() > settings.blockRangeMs() / 2 * 3;
    }

    private void cutRange() throws IOException {
        FailPoint.HEAD_CUT.reach();
        long started = System.nanoTime();
        long range = settings.blockRangeMs();
        Optional<Block> block = Optional.empty();
        long end;
        try (HeadView view = head.view(() -> {})) {
            long first = view.minTimeMs();
            end = Math.floorDiv(first, range) * range + range;
            if (head.stats().maxTimeMs() - first > range / 2 * 3) {
                block = write(view, folder.path(), end - range, end);
            } else {
                // The head's bound was behind its samples: nothing is there to be cut.
                end = first;
            }
        }
        Optional<Block> written = block;
        FailPoint.HEAD_CUT.halfway();
        head.truncate(end, () -> written.ifPresent(blocks::add));
        if (written.isPresent()) {
            figures.cut();
            LOG.info(
                    "wrote block {} from the head in {} ms",
                    written.get().meta().ulid(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
        }
    }

    private Optional<Block> write(HeadView view, Path parent, long from, long to) throws IOException {
        return HeadBlock.write(
                view.select(List.of(), from, to - 1),
                head.encoder(Compaction.SAMPLES_PER_CHUNK),
                parent,
                BlockMeta.Draft.ofHead(from, to),
                () -> stopped);
    }

    private void shortenLog(WalWriter wal) {
        try {
            int lastComplete = wal.segment();
            head.locked(() -> {
                cut(wal);
                return null;
            });
            Path walFolder = folder.resolve("wal");
            Optional<Integer> last = Checkpoint.lastToReplace(walFolder, lastComplete - 1);
            if (last.isEmpty()) {
                return;
            }
            LongIntMap refs = head.refs();
            Checkpoint.write(
                    walFolder,
                    last.get(),
                    settings.segmentBytes(),
                    settings.walCompression(),
                    ref -> ref > 0 && refs.get(ref) != LongIntMap.NONE,
                    blocks.inOrderMaxTimeMs(),
                    head.minLateMs());
            figures.checkpoint();
            LOG.info("shortened the WAL: checkpoint {}", last.get());
        } catch (IOException | RuntimeException e) {
            figures.checkpointFailed();
            LOG.error("cannot shorten the WAL: {}", e.toString());
        }
    }

    private static void cut(WalWriter wal) {
        try {
            wal.cut();
        } catch (IOException e) {
            LOG.warn("cannot start a new WAL segment: {}", e.toString());
        }
    }

    /** Writes all samples as blocks into another folder: the blocks by hard links where possible, the head as one more block. */
    synchronized void snapshot(Path target) throws IOException {
        Files.createDirectories(target);
        blocks.link(target);
        try (HeadView view = head.view(() -> {})) {
            long first = view.minTimeMs();
            long end = head.stats().maxTimeMs() + 1;
            if (first < end) {
                write(view, target, first, end);
            }
            lateCut.write(view, target);
        }
        SyncedFiles.syncFolder(target);
    }
}
