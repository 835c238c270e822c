package org.narthex.tsdb.compact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.narthex.tsdb.block.BlockMeta;

/**
 * Says which blocks are to become one next, by the rules of Prometheus' leveled compactor: first what overlaps; then, but for the newest block, what
 * fills an aligned range of the next level or lies before all that is to come; then single blocks much of which is deleted. Immutable.
 */
public final class Planner {
    private static final int LEVELS = 10;
    private static final int STEP = 3;
    private static final double TOMBSTONE_SHARE = 0.05;

    private final List<Long> ranges;
    private final boolean mergesOverlaps;

    /** What is to be known of a block. The kind is "" for ordinary ones; those of different kinds are never mixed. */
    record Candidate(
            String ulid,
            long minTimeMs,
            long maxTimeMs,
            long level,
            boolean isFailed,
            long series,
            long tombstones,
            String kind) {
        static Candidate of(BlockMeta meta) {
            String kind = "";
            for (String hint : meta.hints()) {
                // Samples that came late belong to the same series as the others.
                kind = hint.equals("from-out-of-order") ? kind : hint;
            }
            return new Candidate(
                    meta.ulid(),
                    meta.minTimeMs(),
                    meta.maxTimeMs(),
                    meta.level(),
                    meta.isFailed(),
                    meta.series(),
                    meta.tombstones(),
                    kind);
        }
    }

    /**
     * @param minRangeMs of blocks from the head
     * @param maxRangeMs of the longest blocks; not above the shortest turns compaction into longer ones off
     */
    public Planner(long minRangeMs, long maxRangeMs, boolean mergesOverlaps) {
        this.mergesOverlaps = mergesOverlaps;
        List<Long> all = new ArrayList<>();
        long range = minRangeMs;
        for (int i = 0; i < LEVELS && (i == 0 || range <= maxRangeMs); i++) {
            all.add(range);
            range *= STEP;
        }
        ranges = List.copyOf(all);
    }

    List<Long> ranges() {
        return ranges;
    }

    /**
     * The blocks to make one of next, in the order of their time; empty if there is nothing to do.
     *
     * @param isHeldBack says of a block of level 1 that it must stay as it is for now; blocks that were made later wait with it
     */
    public List<String> plan(List<BlockMeta> blocks, Predicate<String> isHeldBack) {
        List<Candidate> candidates = new ArrayList<>();
        blocks.forEach(meta -> candidates.add(Candidate.of(meta)));
        return planCandidates(candidates, isHeldBack);
    }

    List<String> planCandidates(List<Candidate> blocks, Predicate<String> isHeldBack) {
        List<Candidate> byName = new ArrayList<>(blocks);
        byName.sort(Comparator.comparing(Candidate::ulid));
        Map<String, List<Candidate>> kinds = new LinkedHashMap<>();
        kinds.put("", new ArrayList<>());
        for (Candidate block : byName) {
            if (block.level <= 1 && isHeldBack.test(block.ulid)) {
                break;
            }
            kinds.computeIfAbsent(block.kind, kind -> new ArrayList<>()).add(block);
        }
        for (List<Candidate> kind : kinds.values()) {
            kind.sort(Comparator.comparingLong(Candidate::minTimeMs));
            List<Candidate> plan = planKind(kind);
            if (!plan.isEmpty()) {
                return plan.stream().map(Candidate::ulid).toList();
            }
        }
        return List.of();
    }

    /** @param blocks by their first time */
    private List<Candidate> planKind(List<Candidate> blocks) {
        List<Candidate> overlapping = mergesOverlaps ? overlapping(blocks) : List.of();
        if (!overlapping.isEmpty() || blocks.isEmpty()) {
            return overlapping;
        }
        // The newest is left alone: somebody may still be adding to its range.
        List<Candidate> settled = blocks.subList(0, blocks.size() - 1);
        List<Candidate> range = fullRange(settled);
        return range.isEmpty() ? muchDeleted(settled) : range;
    }

    private static List<Candidate> overlapping(List<Candidate> blocks) {
        List<Candidate> group = new ArrayList<>();
        long end = Long.MIN_VALUE;
        for (Candidate block : blocks) {
            if (!group.isEmpty() && block.minTimeMs >= end) {
                if (isMergeable(group)) {
                    return group;
                }
                group.clear();
            }
            group.add(block);
            end = Math.max(end, block.maxTimeMs);
        }
        return isMergeable(group) ? group : List.of();
    }

    private static boolean isMergeable(List<Candidate> group) {
        return group.size() > 1 && group.stream().noneMatch(Candidate::isFailed);
    }

    private List<Candidate> fullRange(List<Candidate> blocks) {
        if (blocks.isEmpty()) {
            return List.of();
        }
        long newest = blocks.get(blocks.size() - 1).minTimeMs;
        for (long range : ranges.subList(1, ranges.size())) {
            for (List<Candidate> group : groups(blocks, range)) {
                long start = group.get(0).minTimeMs;
                long end = group.get(group.size() - 1).maxTimeMs;
                if (isMergeable(group) && (end - start == range || end <= newest)) {
                    return group;
                }
            }
        }
        return List.of();
    }

    /** Blocks that lie within the same aligned range; those that cross the edge of one belong to none. */
    private static List<List<Candidate>> groups(List<Candidate> blocks, long range) {
        List<List<Candidate>> groups = new ArrayList<>();
        int i = 0;
        while (i < blocks.size()) {
            long end = Math.floorDiv(blocks.get(i).minTimeMs, range) * range + range;
            List<Candidate> group = new ArrayList<>();
            while (i < blocks.size() && blocks.get(i).maxTimeMs <= end) {
                group.add(blocks.get(i++));
            }
            if (group.isEmpty()) {
                i++;
            } else {
                groups.add(group);
            }
        }
        return groups;
    }

    private List<Candidate> muchDeleted(List<Candidate> blocks) {
        for (int i = blocks.size() - 1; i >= 0; i--) {
            Candidate block = blocks.get(i);
            boolean isShort = block.maxTimeMs - block.minTimeMs < ranges.get(ranges.size() / 2);
            if (isShort) {
                // Of short blocks only such as are deleted altogether; older ones are looked at when they have grown.
                boolean isEmptied = block.tombstones > 0 && block.tombstones >= block.series;
                return isEmptied && !block.isFailed ? List.of(block) : List.of();
            }
            if (!block.isFailed && (double) block.tombstones / (double) (block.series + 1) > TOMBSTONE_SHARE) {
                return List.of(block);
            }
        }
        return List.of();
    }
}
