package org.narthex.tsdb.compact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import org.narthex.tsdb.block.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file in which a Thanos sidecar says which blocks it has uploaded ({@code {"uploaded": ["ULID", …]}}): others must not be compacted yet. Without
 * it, or where it is damaged, nothing is held back. Not thread-safe.
 */
public final class UploadedBlocks {
    private static final Logger LOG = LoggerFactory.getLogger(UploadedBlocks.class);
    private static final long CACHED_NANOS = 60_000_000_000L;

    private final Path file;
    private final LongSupplier nanoTime;
    private Set<String> uploaded;
    private boolean isRead;
    private long readAt;

    /** @param file an empty path for none */
    public UploadedBlocks(Path file, LongSupplier nanoTime) {
        this.file = file;
        this.nanoTime = nanoTime;
    }

    /** Whether the block must not be compacted yet. */
    public boolean isHeldBack(String ulid) {
        if (file.toString().isEmpty()) {
            return false;
        }
        if (!isRead || nanoTime.getAsLong() - readAt > CACHED_NANOS) {
            uploaded = read();
            isRead = true;
            readAt = nanoTime.getAsLong();
        }
        return uploaded != null && !uploaded.contains(ulid);
    }

    /** Null where the file says nothing. */
    private Set<String> read() {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            Map<String, Object> tree = Json.parseMap(file.toString(), Files.readAllBytes(file));
            Set<String> names = new HashSet<>();
            if (tree.get("uploaded") instanceof List<?> list) {
                list.forEach(name -> names.add(String.valueOf(name)));
            }
            return names;
        } catch (IOException e) {
            LOG.warn("no block is held back from compaction: {}", e.getMessage());
            return null;
        }
    }
}
