package org.narthex.tsdb;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.narthex.api.model.Matcher;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.SyncedFiles;
import org.narthex.tsdb.block.Ulid;
import org.narthex.tsdb.encoding.CorruptionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The blocks of the data folder, in the order of their time. The list is replaced, never changed; changes come from one thread at a time. */
final class Blocks {
    private static final Logger LOG = LoggerFactory.getLogger(Blocks.class);
    private static final String FOR_DELETION = ".tmp-for-deletion";

    private final DataFolder folder;
    private final long retentionMs;
    private final AtomicLong expired = new AtomicLong();
    private volatile List<Block> list = List.of();

    /** @param retentionMs 0 for no bound */
    Blocks(DataFolder folder, long retentionMs) {
        this.folder = folder;
        this.retentionMs = retentionMs;
    }

    /** Opens all blocks in the folder. Leftovers of unfinished work go; damaged blocks go to quarantine. */
    void open() throws IOException {
        List<Path> candidates = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.path())) {
            for (Path file : files) {
                candidates.add(file);
            }
        }
        List<Block> opened = new ArrayList<>();
        for (Path candidate : candidates) {
            String name = candidate.getFileName().toString();
            if (isLeftover(name)) {
                LOG.info("removing {}, left by unfinished work", candidate);
                SyncedFiles.deleteFolder(candidate);
            } else if (Ulid.isUlid(name) && Files.isDirectory(candidate)) {
                open(candidate, opened);
            }
        }
        removeParents(opened);
        opened.sort(Comparator.comparingLong(block -> block.meta().minTimeMs()));
        list = List.copyOf(opened);
    }

    private static boolean isLeftover(String name) {
        return Ulid.isUlid(name.substring(0, Math.min(name.length(), 26)))
                && (name.endsWith(".tmp-for-creation") || name.endsWith(FOR_DELETION) || name.endsWith(".tmp"));
    }

    private void open(Path path, List<Block> opened) {
        try {
            opened.add(Block.open(path));
        } catch (CorruptionException | NoSuchFileException e) {
            folder.quarantine(path, e);
        } catch (IOException e) {
            // Not damaged as far as one can tell: it stays where it is.
            LOG.error("cannot open block {}: {}", path, e.toString());
        }
    }

    /** A crash after a compaction leaves its inputs beside the result, which has all their samples. */
    private static void removeParents(List<Block> opened) throws IOException {
        Set<String> replaced = new HashSet<>();
        for (Block block : opened) {
            replaced.addAll(block.meta().parents());
        }
        for (Block block : List.copyOf(opened)) {
            if (replaced.contains(block.meta().ulid())) {
                opened.remove(block);
                delete(block);
            }
        }
    }

    private static void delete(Block block) throws IOException {
        Path doomed = block.folder().resolveSibling(block.folder().getFileName() + FOR_DELETION);
        SyncedFiles.rename(block.folder(), doomed);
        SyncedFiles.deleteFolder(doomed);
    }

    List<Block> list() {
        return list;
    }

    void within(long minTimeMs, long maxTimeMs, List<Block> into) {
        for (Block block : list) {
            if (block.overlaps(minTimeMs, maxTimeMs)) {
                into.add(block);
            }
        }
    }

    void add(Block block) {
        List<Block> more = new ArrayList<>(list);
        more.add(block);
        more.sort(Comparator.comparingLong(b -> b.meta().minTimeMs()));
        list = List.copyOf(more);
    }

    /** {@link Long#MAX_VALUE} if there is no block. */
    long minTimeMs() {
        List<Block> all = list;
        return all.isEmpty() ? Long.MAX_VALUE : all.get(0).meta().minTimeMs();
    }

    /** Exclusive; {@link Long#MIN_VALUE} if there is no block. */
    long maxTimeMs() {
        long max = Long.MIN_VALUE;
        for (Block block : list) {
            max = Math.max(max, block.meta().maxTimeMs());
        }
        return max;
    }

    void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
        for (Block block : list) {
            if (block.overlaps(minTimeMs, maxTimeMs)) {
                block.delete(matchers, minTimeMs, maxTimeMs);
            }
        }
    }

    /** Deletes blocks that end further behind the newest one than samples are kept. */
    void expire() {
        if (retentionMs <= 0) {
            return;
        }
        long newest = maxTimeMs();
        for (Block block : list) {
            if (newest - block.meta().maxTimeMs() >= retentionMs) {
                List<Block> fewer = new ArrayList<>(list);
                fewer.remove(block);
                list = List.copyOf(fewer);
                expired.incrementAndGet();
                try {
                    delete(block);
                    LOG.info(
                            "deleted block {}, older than the retention time",
                            block.meta().ulid());
                } catch (IOException e) {
                    LOG.error("cannot delete expired block {}: {}", block.folder(), e.toString());
                }
            }
        }
    }

    long expired() {
        return expired.get();
    }

    long skippedChunks() {
        long skipped = 0;
        for (Block block : list) {
            skipped += block.skippedChunks();
        }
        return skipped;
    }
}
