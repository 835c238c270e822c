package org.narthex.tsdb.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.tsdb.encoding.CorruptionException;

/**
 * A block's {@code meta.json}. Keys this version does not know are kept when it is written again. Immutable.
 *
 * <pre>
 * ulid, minTime (inclusive), maxTime (exclusive), stats { numSamples, numFloatSamples, numSeries, numChunks, numTombstones },
 * compaction { level, sources [ ulid ], parents [ { ulid, minTime, maxTime } ] }, version = 1
 * </pre>
 */
public final class BlockMeta {
    static final String FILE = "meta.json";

    private final Map<String, Object> tree;
    private final String ulid;
    private final long minTimeMs;
    private final long maxTimeMs;

    private BlockMeta(String file, Map<String, Object> tree) throws CorruptionException {
        this.tree = tree;
        if (!Long.valueOf(1).equals(tree.get("version"))) {
            throw new CorruptionException(
                    file, 0, "unexpected meta file version " + tree.getOrDefault("version", "(none)"));
        }
        if (!(tree.get("ulid") instanceof String id)
                || !(tree.get("minTime") instanceof Long min)
                || !(tree.get("maxTime") instanceof Long max)) {
            throw new CorruptionException(file, 0, "ulid, minTime or maxTime is missing");
        }
        ulid = id;
        minTimeMs = min;
        maxTimeMs = max;
    }

    static BlockMeta read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        return new BlockMeta(file.toString(), Json.parseMap(file.toString(), Files.readAllBytes(file)));
    }

    /** Of a block straight from the head. */
    static BlockMeta fresh(String ulid, long minTimeMs, long maxTimeMs, long samples, long series, long chunks)
            throws CorruptionException {
        Map<String, Object> stats = new LinkedHashMap<>();
        stats.put("numSamples", samples);
        stats.put("numFloatSamples", samples);
        stats.put("numSeries", series);
        stats.put("numChunks", chunks);
        Map<String, Object> compaction = new LinkedHashMap<>();
        compaction.put("level", 1L);
        compaction.put("sources", List.of(ulid));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("ulid", ulid);
        tree.put("minTime", minTimeMs);
        tree.put("maxTime", maxTimeMs);
        tree.put("stats", stats);
        tree.put("compaction", compaction);
        tree.put("version", 1L);
        return new BlockMeta(ulid, tree);
    }

    BlockMeta withTombstones(long count) throws CorruptionException {
        Map<String, Object> changed = new LinkedHashMap<>(tree);
        Map<String, Object> stats = Json.asMap(tree.get("stats"));
        stats.put("numTombstones", count);
        changed.put("stats", stats);
        return new BlockMeta(ulid, changed);
    }

    void write(Path folder) throws IOException {
        SyncedFiles.replace(folder.resolve(FILE), Json.write(tree));
    }

    public String ulid() {
        return ulid;
    }

    /** Inclusive. */
    public long minTimeMs() {
        return minTimeMs;
    }

    /** Exclusive. */
    public long maxTimeMs() {
        return maxTimeMs;
    }

    /** The blocks this one was made of, which may be deleted once this one is there. */
    public List<String> parents() {
        List<String> parents = new ArrayList<>();
        if (Json.asMap(tree.get("compaction")).get("parents") instanceof List<?> list) {
            for (Object parent : list) {
                if (Json.asMap(parent).get("ulid") instanceof String id) {
                    parents.add(id);
                }
            }
        }
        return parents;
    }
}
