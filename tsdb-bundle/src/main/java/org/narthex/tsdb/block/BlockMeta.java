package org.narthex.tsdb.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.fault.FailPoint;

/**
 * A block's {@code meta.json}. Keys this version does not know are kept when it is written again. Immutable.
 *
 * <pre>
 * ulid, minTime (inclusive), maxTime (exclusive),
 * stats { numSamples, numFloatSamples, numHistogramSamples, numSeries, numChunks, numTombstones },
 * compaction { level, sources [ ulid ], deletable, failed, parents [ { ulid, minTime, maxTime } ], hints [ text ] }, version = 1,
 * narthex { retention [ text ] }
 * </pre>
 *
 * <p>The last one is Narthex' own: the steps of retention policies that everything in the block has gone through.
 */
public final class BlockMeta {
    static final String FILE = "meta.json";
    private static final String FROM_OUT_OF_ORDER = "from-out-of-order";
    private static final String COMPACTION = "compaction";
    private static final String STATS = "stats";
    private static final String NARTHEX = "narthex";
    private static final String TOMBSTONES = "numTombstones";

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
        if (min > max) {
            throw new CorruptionException(file, 0, "minTime " + min + " is after maxTime " + max);
        }
    }

    static BlockMeta read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        return new BlockMeta(file.toString(), Json.parseMap(file.toString(), Files.readAllBytes(file)));
    }

    /** What the writer of a block counted. */
    record Counts(long floats, long histograms, long series, long chunks) {}

    /** Describes a block that is being written, all but its counts. */
    public record Draft(
            long minTimeMs,
            long maxTimeMs,
            long level,
            Set<String> sources,
            List<BlockMeta> parents,
            List<String> hints,
            Set<String> retention) {
        /** Straight from the head. */
        public static Draft ofHead(long minTimeMs, long maxTimeMs) {
            return new Draft(minTimeMs, maxTimeMs, 1, Set.of(), List.of(), List.of(), Set.of());
        }

        /** Of the head's out-of-order samples. */
        public static Draft ofLateSamples(long minTimeMs, long maxTimeMs) {
            return new Draft(minTimeMs, maxTimeMs, 1, Set.of(), List.of(), List.of(FROM_OUT_OF_ORDER), Set.of());
        }

        /** All samples of some blocks: one level above the highest of them. */
        public static Draft compacted(List<BlockMeta> parents, Set<String> retention) {
            long min = Long.MAX_VALUE;
            long max = Long.MIN_VALUE;
            long level = 0;
            Set<String> sources = new TreeSet<>();
            List<String> hints = new ArrayList<>(parents.get(0).hints());
            for (BlockMeta parent : parents) {
                min = Math.min(min, parent.minTimeMs);
                max = Math.max(max, parent.maxTimeMs);
                level = Math.max(level, parent.level());
                sources.addAll(parent.sources());
                hints.retainAll(parent.hints());
            }
            return new Draft(min, max, level + 1, sources, parents, hints, retention);
        }

        /** The same block with fewer samples. */
        public static Draft rewritten(BlockMeta parent, Set<String> retention) {
            return new Draft(
                    parent.minTimeMs,
                    parent.maxTimeMs,
                    parent.level(),
                    new TreeSet<>(parent.sources()),
                    List.of(parent),
                    parent.hints(),
                    retention);
        }
    }

    static BlockMeta of(String ulid, Draft draft, Counts counts) throws CorruptionException {
        Map<String, Object> stats = new LinkedHashMap<>();
        stats.put("numSamples", counts.floats + counts.histograms);
        putIfAny(stats, "numFloatSamples", counts.floats);
        putIfAny(stats, "numHistogramSamples", counts.histograms);
        stats.put("numSeries", counts.series);
        stats.put("numChunks", counts.chunks);
        Map<String, Object> compaction = new LinkedHashMap<>();
        compaction.put("level", draft.level);
        compaction.put("sources", draft.sources.isEmpty() ? List.of(ulid) : List.copyOf(draft.sources));
        List<Object> parents = new ArrayList<>();
        for (BlockMeta parent : draft.parents) {
            Map<String, Object> described = new LinkedHashMap<>();
            described.put("ulid", parent.ulid);
            described.put("minTime", parent.minTimeMs);
            described.put("maxTime", parent.maxTimeMs);
            parents.add(described);
        }
        putIfAny(compaction, "parents", parents);
        putIfAny(compaction, "hints", List.copyOf(draft.hints));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("ulid", ulid);
        tree.put("minTime", draft.minTimeMs);
        tree.put("maxTime", draft.maxTimeMs);
        tree.put(STATS, stats);
        tree.put(COMPACTION, compaction);
        tree.put("version", 1L);
        if (!draft.retention.isEmpty()) {
            tree.put(NARTHEX, Map.of("retention", List.copyOf(new TreeSet<>(draft.retention))));
        }
        return new BlockMeta(ulid, tree);
    }

    private static void putIfAny(Map<String, Object> map, String key, long value) {
        if (value != 0) {
            map.put(key, value);
        }
    }

    private static void putIfAny(Map<String, Object> map, String key, List<?> value) {
        if (!value.isEmpty()) {
            map.put(key, value);
        }
    }

    private BlockMeta with(String section, String key, Object value) throws CorruptionException {
        Map<String, Object> changed = new LinkedHashMap<>(tree);
        Map<String, Object> entries = Json.asMap(tree.get(section));
        entries.put(key, value);
        changed.put(section, entries);
        return new BlockMeta(ulid, changed);
    }

    BlockMeta withTombstones(long count) throws CorruptionException {
        return with(STATS, TOMBSTONES, count);
    }

    BlockMeta withFailed() throws CorruptionException {
        return with(COMPACTION, "failed", true);
    }

    BlockMeta withDeletable() throws CorruptionException {
        return with(COMPACTION, "deletable", true);
    }

    BlockMeta withRetention(Set<String> steps) throws CorruptionException {
        return with(NARTHEX, "retention", List.copyOf(new TreeSet<>(steps)));
    }

    void write(Path folder) throws IOException {
        SyncedFiles.replace(folder.resolve(FILE), Json.write(tree), FailPoint.META_WRITE);
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

    private long number(String section, String key) {
        return Json.asMap(tree.get(section)).get(key) instanceof Long value ? value : 0;
    }

    private boolean isSet(String key) {
        return Boolean.TRUE.equals(Json.asMap(tree.get(COMPACTION)).get(key));
    }

    private List<String> texts(String section, String key) {
        List<String> texts = new ArrayList<>();
        if (Json.asMap(tree.get(section)).get(key) instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof String text) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    /** 1 for blocks from the head. */
    public long level() {
        return number(COMPACTION, "level");
    }

    public long samples() {
        return number(STATS, "numSamples");
    }

    public long series() {
        return number(STATS, "numSeries");
    }

    public long tombstones() {
        return number(STATS, TOMBSTONES);
    }

    /** Whether it is of no use any more, since another block has all its samples or none are left. */
    public boolean isDeletable() {
        return isSet("deletable");
    }

    /** Whether it could not be compacted, and is not to be tried again. */
    public boolean isFailed() {
        return isSet("failed");
    }

    /** The blocks of level 1 it goes back to. */
    public List<String> sources() {
        return texts(COMPACTION, "sources");
    }

    /** Where it comes from, e.g. {@code from-out-of-order}. */
    public List<String> hints() {
        return texts(COMPACTION, "hints");
    }

    /** Whether it has nothing but samples that came late. */
    public boolean isOfLateSamples() {
        return hints().contains(FROM_OUT_OF_ORDER);
    }

    /** Steps of retention policies it has gone through, as {@link Draft} had them. */
    public Set<String> retention() {
        return new LinkedHashSet<>(texts(NARTHEX, "retention"));
    }

    /** The blocks this one was made of, which may be deleted once this one is there. */
    public List<String> parents() {
        List<String> parents = new ArrayList<>();
        if (Json.asMap(tree.get(COMPACTION)).get("parents") instanceof List<?> list) {
            for (Object parent : list) {
                if (Json.asMap(parent).get("ulid") instanceof String id) {
                    parents.add(id);
                }
            }
        }
        return parents;
    }
}
