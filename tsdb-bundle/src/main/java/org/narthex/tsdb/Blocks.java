package org.narthex.tsdb;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.narthex.api.model.Matcher;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.BlockRepair;
import org.narthex.tsdb.block.BlockWriter;
import org.narthex.tsdb.block.SyncedFiles;
import org.narthex.tsdb.block.Ulid;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.fault.FailPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks of the data folder, in the order of their time. The list is replaced, never changed, so that who took it has a view. What takes long
 * (deleting, reloading, putting a compacted block in place) happens one at a time, under this object's lock; the list is exchanged under one of its
 * own, which is held shortly and taken last, since the head's lock is held when a block is added.
 */
final class Blocks {
    private static final Logger LOG = LoggerFactory.getLogger(Blocks.class);
    private static final Comparator<Block> ORDER = Comparator.<Block>comparingLong(
                    block -> block.meta().minTimeMs())
            .thenComparing(block -> block.meta().ulid());

    private final DataFolder folder;
    private final Retention retention;
    private final Object listLock = new Object();
    private volatile List<Block> list = List.of();
    /** By name, of blocks that could not be opened while the database runs: the bytes they had. */
    private final Map<String, Long> suspects = new HashMap<>();
    /** What was deleted while blocks are being rewritten; null if none are. */
    private List<Deletion> deletions;

    private record Deletion(List<Matcher> matchers, long minTimeMs, long maxTimeMs) {}

    Blocks(DataFolder folder, Retention retention) {
        this.folder = folder;
        this.retention = retention;
    }

    /** Opens all blocks in the folder. Leftovers of unfinished work go; damaged blocks go to quarantine. */
    synchronized void open() throws IOException {
        List<Block> opened = new ArrayList<>();
        for (Path candidate : folders()) {
            String name = candidate.getFileName().toString();
            if (isLeftover(name)) {
                LOG.info("removing {}, left by unfinished work", candidate);
                SyncedFiles.deleteFolder(candidate);
            } else if (Ulid.isUlid(name)) {
                openAtStart(candidate, opened);
            }
        }
        exchange(useless(opened), opened);
    }

    /** Puts blocks in and takes others out, whose files are then deleted. */
    private void exchange(Collection<Block> out, Collection<Block> in) {
        synchronized (listLock) {
            Map<String, Block> byName = new HashMap<>();
            list.forEach(block -> byName.put(block.meta().ulid(), block));
            in.forEach(block -> byName.put(block.meta().ulid(), block));
            out.forEach(block -> byName.remove(block.meta().ulid()));
            List<Block> changed = new ArrayList<>(byName.values());
            changed.sort(ORDER);
            list = List.copyOf(changed);
        }
        out.forEach(Blocks::delete);
    }

    private List<Path> folders() throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.path(), Files::isDirectory)) {
            files.forEach(folders::add);
        }
        return folders;
    }

    private static boolean isLeftover(String name) {
        return Ulid.isUlid(name.substring(0, Math.min(name.length(), 26)))
                && (name.endsWith(".tmp-for-creation") || name.endsWith(Block.FOR_DELETION) || name.endsWith(".tmp"));
    }

    private void openAtStart(Path path, List<Block> opened) {
        try {
            BlockRepair.repair(path);
            opened.add(open(path));
        } catch (CorruptionException | NoSuchFileException | NotDirectoryException e) {
            folder.quarantine(path, e);
        } catch (IOException e) {
            // Not damaged as far as one can tell: it stays where it is.
            LOG.error("cannot open block {}: {}", path, e.toString());
            folder.fault(path, e);
        }
    }

    private Block open(Path path) throws IOException {
        Block block = Block.open(path);
        block.faults(folder::fault);
        return block;
    }

    /** Those made into others, which a crash can leave beside the result, and those marked as empty. */
    private static List<Block> useless(List<Block> blocks) {
        Set<String> replaced = new HashSet<>();
        for (Block block : blocks) {
            replaced.addAll(block.meta().parents());
        }
        List<Block> useless = new ArrayList<>();
        for (Block block : blocks) {
            if (replaced.contains(block.meta().ulid()) || block.meta().isDeletable()) {
                useless.add(block);
            }
        }
        return useless;
    }

    /** If this fails, the block is found again, and seen to be of no use, with the next reload. */
    private static void delete(Block block) {
        if (!block.exists()) {
            return;
        }
        try {
            block.deleteFiles();
        } catch (IOException e) {
            LOG.error("cannot delete block {}: {}", block.folder(), e.toString());
        }
    }

    /**
     * Takes in blocks that were put into the folder, and lets go of those that were taken out. What cannot be opened may still be being copied: it goes
     * to quarantine when it has not grown until the next time.
     */
    synchronized void reload() throws IOException {
        Set<String> known = new HashSet<>();
        List<Block> present = new ArrayList<>();
        List<Block> gone = new ArrayList<>();
        for (Block block : list) {
            known.add(block.folder().getFileName().toString());
            if (block.exists()) {
                present.add(block);
            } else {
                LOG.info("block {} is gone", block.meta().ulid());
                gone.add(block);
            }
        }
        List<Block> found = new ArrayList<>();
        for (Path candidate : folders()) {
            String name = candidate.getFileName().toString();
            if (Ulid.isUlid(name) && !known.contains(name)) {
                openLater(candidate).ifPresent(found::add);
            }
        }
        present.addAll(found);
        gone.addAll(useless(present));
        exchange(gone, found);
    }

    private Optional<Block> openLater(Path path) {
        String name = path.getFileName().toString();
        try {
            Block block = open(path);
            suspects.remove(name);
            LOG.info("found block {}", name);
            return Optional.of(block);
        } catch (IOException e) {
            long bytes = Retention.bytesIn(path);
            Long before = suspects.put(name, bytes);
            if (before != null && before == bytes && !(e instanceof FileSystemException)) {
                folder.quarantine(path, e);
                suspects.remove(name);
            } else {
                LOG.warn("cannot open block {} yet: {}", path, e.toString());
            }
            return Optional.empty();
        }
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

    /** Adds a block that was cut from the head; a reload may have met it before. */
    void add(Block block) {
        block.faults(folder::fault);
        exchange(List.of(), List.of(block));
    }

    /** From now on until {@link #replace} or {@link #endRewrite}, deletions are remembered for the block to come. */
    synchronized void beginRewrite() {
        deletions = new ArrayList<>();
    }

    synchronized void endRewrite() {
        deletions = null;
    }

    /** Gives a new block its name. */
    interface Publication {
        Block publish(BlockWriter.Change last) throws IOException;
    }

    /** Puts a new block in the place of those it was made of, which are deleted; readers see either, never both. */
    synchronized void replace(List<Block> inputs, Publication result) throws IOException {
        FailPoint.COMPACTION_SWAP.reach();
        // Before it has its name: after a crash it would replace its inputs, and bring back what was deleted.
        Block block = result.publish(this::repeatDeletions);
        FailPoint.COMPACTION_SWAP.halfway();
        block.faults(folder::fault);
        exchange(inputs, List.of(block));
    }

    private void repeatDeletions(Block block) throws IOException {
        for (Deletion deletion : deletions) {
            block.delete(deletion.matchers, deletion.minTimeMs, deletion.maxTimeMs);
        }
    }

    /** Takes out blocks of which nothing is left. */
    synchronized void remove(List<Block> emptied) throws IOException {
        for (Block block : emptied) {
            block.markDeletable();
        }
        exchange(emptied, List.of());
    }

    /** Changes something small about a block. */
    interface Change {
        void run() throws IOException;
    }

    synchronized void change(Change change) throws IOException {
        change.run();
    }

    /** {@link Long#MAX_VALUE} if there is no block. */
    long minTimeMs() {
        List<Block> all = list;
        return all.isEmpty() ? Long.MAX_VALUE : all.get(0).meta().minTimeMs();
    }

    /**
     * Up to where the samples that came in order are in blocks; exclusive, {@link Long#MIN_VALUE} if there are none. Blocks of late samples reach
     * further: of their time, the others are still in the head.
     */
    long inOrderMaxTimeMs() {
        long max = Long.MIN_VALUE;
        for (Block block : list) {
            if (!block.meta().isOfLateSamples()) {
                max = Math.max(max, block.meta().maxTimeMs());
            }
        }
        return max;
    }

    /** Exclusive; {@link Long#MIN_VALUE} if there is no block. */
    long maxTimeMs() {
        long max = Long.MIN_VALUE;
        for (Block block : list) {
            max = Math.max(max, block.meta().maxTimeMs());
        }
        return max;
    }

    /** Bytes on disk. */
    long size() {
        long size = 0;
        for (Block block : list) {
            size += block.size();
        }
        return size;
    }

    synchronized void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
        if (deletions != null) {
            deletions.add(new Deletion(matchers, minTimeMs, maxTimeMs));
        }
        for (Block block : list) {
            if (block.overlaps(minTimeMs, maxTimeMs)) {
                block.delete(matchers, minTimeMs, maxTimeMs);
            }
        }
    }

    /** Deletes blocks beyond the bounds of retention. */
    synchronized void expire() {
        List<Block> expired = retention.expired(list);
        if (expired.isEmpty()) {
            return;
        }
        exchange(expired, List.of());
        for (Block block : expired) {
            LOG.info(
                    "deleted block {}, beyond the retention time or size",
                    block.meta().ulid());
        }
    }

    Retention retention() {
        return retention;
    }

    /** Writes all blocks into another folder, by hard links where possible. */
    synchronized void link(Path target) throws IOException {
        for (Block block : list) {
            link(block.folder(), target.resolve(block.folder().getFileName()));
        }
    }

    private static void link(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (Path file : files) {
                Path copy = to.resolve(file.getFileName());
                if (Files.isDirectory(file)) {
                    link(file, copy);
                } else if (!file.getFileName().toString().endsWith(".tmp")) {
                    linkFile(file, copy);
                }
            }
        }
        SyncedFiles.syncFolder(to);
    }

    private static void linkFile(Path file, Path copy) throws IOException {
        // Files of a block are replaced, never changed, so what a link leads to stays as it is.
        try {
            Files.createLink(copy, file);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(file, copy);
        }
    }

    long skippedChunks() {
        long skipped = 0;
        for (Block block : list) {
            skipped += block.skippedChunks();
        }
        return skipped;
    }
}
