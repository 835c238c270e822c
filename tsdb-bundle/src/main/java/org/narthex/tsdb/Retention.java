package org.narthex.tsdb;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.narthex.api.config.StorageConfig;
import org.narthex.api.config.StorageConfig.RetentionPolicy;
import org.narthex.tsdb.block.Block;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which blocks are to go: those beyond the retention time, and the oldest while all takes more room than it may. Thread-safe. */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final Path folder;
    private final StorageConfig.Retention byFlags;
    private final AtomicLong byTime = new AtomicLong();
    private final AtomicLong bySize = new AtomicLong();
    private volatile StorageConfig.Retention bounds;
    private volatile List<RetentionPolicy> policies = List.of();
    private volatile boolean isHeld;

    /** @param byFlags what counts where the configuration says nothing */
    Retention(Path folder, StorageConfig.Retention byFlags) {
        this.folder = folder;
        this.byFlags = byFlags;
        this.bounds = byFlags;
    }

    void apply(StorageConfig config) {
        bounds = config.retention().orElse(byFlags);
        policies = config.retentionPolicies();
        isHeld = false;
    }

    /** Has nothing deleted until the next {@link #apply}: what the flags say may be less than what the configuration will. */
    void hold() {
        isHeld = true;
    }

    boolean isHeld() {
        return isHeld;
    }

    List<RetentionPolicy> policies() {
        return policies;
    }

    /** 0 for no bound. */
    long timeMs() {
        return bounds.timeMs();
    }

    /** How many bytes blocks and head may take; 0 for no bound. */
    long bytes() {
        StorageConfig.Retention now = bounds;
        if (now.percentage() <= 0) {
            return now.bytes();
        }
        try {
            return (long) ((double) Files.getFileStore(folder).getTotalSpace() * now.percentage() / 100);
        } catch (IOException e) {
            LOG.warn(
                    "retention by percentage is off: the size of the file system of {} is not known: {}",
                    folder,
                    e.toString());
            return 0;
        }
    }

    /** The blocks that are to go, and why they go is counted. */
    List<Block> expired(List<Block> blocks) {
        if (isHeld) {
            return List.of();
        }
        List<Block> newestFirst = new ArrayList<>(blocks);
        newestFirst.sort(Comparator.<Block>comparingLong(block -> block.meta().maxTimeMs())
                .reversed());
        int kept = keptByTime(newestFirst);
        byTime.addAndGet(newestFirst.size() - kept);
        int fitting = keptBySize(newestFirst.subList(0, kept));
        bySize.addAndGet(kept - fitting);
        return newestFirst.subList(fitting, newestFirst.size());
    }

    private int keptByTime(List<Block> newestFirst) {
        long time = timeMs();
        int kept = 0;
        while (kept < newestFirst.size()
                && (time <= 0
                        || newestFirst.get(0).meta().maxTimeMs()
                                        - newestFirst.get(kept).meta().maxTimeMs()
                                < time)) {
            kept++;
        }
        return kept;
    }

    private int keptBySize(List<Block> newestFirst) {
        long most = bytes();
        if (most <= 0) {
            return newestFirst.size();
        }
        long used = headBytes();
        int kept = 0;
        while (kept < newestFirst.size()) {
            used += newestFirst.get(kept).size();
            if (used > most) {
                break;
            }
            kept++;
        }
        return kept;
    }

    /** What the head takes on disk. */
    private long headBytes() {
        return bytesIn(folder.resolve("wal")) + bytesIn(folder.resolve("chunks_head")) + bytesIn(folder.resolve("wbl"));
    }

    /** Bytes of all files in a folder; what cannot be seen counts nothing. */
    static long bytesIn(Path folder) {
        long[] bytes = {0};
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    bytes[0] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException why) {
                    // Log files come and go, and a folder need not be there.
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            LOG.debug("cannot measure {}: {}", folder, e.toString());
        }
        return bytes[0];
    }

    long expiredByTime() {
        return byTime.get();
    }

    long expiredBySize() {
        return bySize.get();
    }
}
