package org.narthex.tsdb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.narthex.api.config.StorageConfig.RetentionPolicy;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.block.BlockMeta;
import org.narthex.tsdb.compact.BlockMerge;
import org.narthex.tsdb.compact.Planner;
import org.narthex.tsdb.compact.PolicyFilter;
import org.narthex.tsdb.compact.UploadedBlocks;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.index.IndexMatch;
import org.narthex.tsdb.index.Postings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the blocks, in the background: sees which came and went, deletes what is beyond the bounds of retention, makes long blocks of short
 * ones, and rewrites those of which policies leave less. Appends and queries never wait for it. One run at a time.
 */
final class Compaction {
    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
    private static final long LONGEST_RANGE_MS = TimeUnit.DAYS.toMillis(31);
    /** Of floats, in blocks. Each chunk costs some 30 bytes of its own; longer ones save little, and a query for one sample decodes all of its chunk. */
    static final int SAMPLES_PER_CHUNK = 480;

    private final Path folder;
    private final Blocks blocks;
    private final long blockRangeMs;
    private final BlockSettings settings;
    private final LongSupplier newestMs;
    private final UploadedBlocks uploaded;
    private final CompactionFigures figures = new CompactionFigures();
    private volatile boolean stopped;
    private boolean isFailing;
    private long ranAt;
    private List<Block> ranFor = List.of();
    /** Made with the first run, when the configuration is there; the same ever after. */
    private Planner planner;

    /**
     * @param blockRangeMs of blocks from the head
     * @param newestMs the newest sample of the database
     */
    Compaction(Path folder, Blocks blocks, long blockRangeMs, BlockSettings settings, LongSupplier newestMs) {
        this.folder = folder;
        this.blocks = blocks;
        this.blockRangeMs = blockRangeMs;
        this.settings = settings;
        this.newestMs = newestMs;
        this.uploaded = new UploadedBlocks(settings.uploaded(), System::nanoTime);
        this.ranAt = System.nanoTime();
    }

    CompactionFigures figures() {
        return figures;
    }

    /** Ends running work soon. */
    void stop() {
        stopped = true;
    }

    /** Runs if the time has come or there are other blocks than after the last run. */
    synchronized void tick() {
        if (blocks.retention().isHeld()) {
            return;
        }
        boolean isDue = System.nanoTime() - ranAt >= TimeUnit.MILLISECONDS.toNanos(settings.reloadIntervalMs());
        if (isDue || (!isFailing && !blocks.list().equals(ranFor))) {
            run();
        }
    }

    synchronized void run() {
        ranAt = System.nanoTime();
        try {
            blocks.reload();
            figures.reloaded();
        } catch (IOException e) {
            figures.reloadFailed();
            LOG.error("cannot look for blocks in {}: {}", folder, e.toString());
        }
        blocks.expire();
        try {
            while (!stopped && compactNext()) {
                blocks.expire();
            }
            applyPolicies();
            isFailing = false;
        } catch (IOException | RuntimeException | InternalError e) {
            if (!stopped) {
                isFailing = true;
                figures.failed();
                LOG.error("cannot compact blocks, trying again later: {}", e.toString());
            }
        }
        ranFor = blocks.list();
    }

    private Planner planner() {
        if (planner == null) {
            long retentionMs = blocks.retention().timeMs();
            long longest = settings.maxRangeMs()
                    .orElse(retentionMs > 0 ? Math.min(LONGEST_RANGE_MS, retentionMs / 10) : LONGEST_RANGE_MS);
            planner = new Planner(blockRangeMs, Math.max(longest, blockRangeMs), settings.mergesOverlaps());
        }
        return planner;
    }

    /** Makes one block of some. */
    private boolean compactNext() throws IOException {
        // Merged with others, a block of late samples would look as if the samples in order of its time were in it.
        long complete = blocks.inOrderMaxTimeMs();
        List<Block> all = blocks.list().stream()
                .filter(block -> block.meta().maxTimeMs() <= complete)
                .toList();
        List<BlockMeta> metas = all.stream().map(Block::meta).toList();
        Set<String> plan = new HashSet<>(planner().plan(metas, uploaded::isHeldBack));
        if (plan.isEmpty()) {
            return false;
        }
        List<Block> inputs =
                all.stream().filter(block -> plan.contains(block.meta().ulid())).toList();
        List<BlockMeta> parents = inputs.stream().map(Block::meta).toList();
        PolicyFilter policies = policies();
        BlockMeta.Draft draft = BlockMeta.Draft.compacted(parents, policies.steps(endMs(parents)));
        long started = System.nanoTime();
        try {
            merge(inputs, draft, policies);
        } catch (CorruptionException e) {
            fail(inputs, e);
            return true;
        }
        long duration = System.nanoTime() - started;
        figures.done(duration);
        if (doOverlap(parents)) {
            figures.overlapping();
        }
        LOG.info(
                "compacted {} blocks up to {} ms into one in {} ms",
                inputs.size(),
                draft.maxTimeMs(),
                duration / 1_000_000);
        return true;
    }

    private static long endMs(List<BlockMeta> metas) {
        return metas.stream().mapToLong(BlockMeta::maxTimeMs).max().orElseThrow();
    }

    private static boolean doOverlap(List<BlockMeta> ordered) {
        long end = Long.MIN_VALUE;
        for (BlockMeta meta : ordered) {
            if (meta.minTimeMs() < end) {
                return true;
            }
            end = Math.max(end, meta.maxTimeMs());
        }
        return false;
    }

    /** Damage does not pass: these are left alone from now on. Other failures, such as a full disk, may. */
    private void fail(List<Block> inputs, CorruptionException why) throws IOException {
        figures.failed();
        LOG.error("cannot compact {} blocks, leaving them as they are: {}", inputs.size(), why.getMessage());
        blocks.change(() -> {
            for (Block block : inputs) {
                block.markFailed();
            }
        });
    }

    private PolicyFilter policies() {
        return new PolicyFilter(blocks.retention().policies(), newestMs.getAsLong());
    }

    private void merge(List<Block> inputs, BlockMeta.Draft draft, PolicyFilter policies) throws IOException {
        BlockMerge.Settings how = new BlockMerge.Settings(SAMPLES_PER_CHUNK, settings.segmentBytes());
        blocks.beginRewrite();
        try (BlockMerge merge = new BlockMerge(folder, inputs, how, () -> stopped)) {
            if (merge.write(draft, policies)) {
                blocks.replace(inputs, merge::publish);
            } else {
                blocks.remove(inputs);
            }
        } finally {
            blocks.endRewrite();
        }
    }

    /** Rewrites blocks that lie wholly behind the age of a step of a policy, and have not gone through it yet. */
    private void applyPolicies() throws IOException {
        PolicyFilter policies = policies();
        for (Block block : blocks.list()) {
            Set<String> steps = policies.steps(block.meta().maxTimeMs());
            if (stopped || block.meta().isFailed() || block.meta().retention().containsAll(steps)) {
                continue;
            }
            try {
                if (hasSeriesOf(block, policies)) {
                    rewrite(block, policies);
                } else {
                    blocks.change(() -> block.markRetention(steps));
                }
            } catch (CorruptionException e) {
                fail(List.of(block), e);
            }
        }
    }

    private static boolean hasSeriesOf(Block block, PolicyFilter policies) throws IOException {
        for (RetentionPolicy policy : policies.policies()) {
            if (IndexMatch.find(block.index(), policy.matchers()).next() != Postings.END) {
                return true;
            }
        }
        return false;
    }

    private void rewrite(Block block, PolicyFilter policies) throws IOException {
        long started = System.nanoTime();
        BlockMeta meta = block.meta();
        merge(List.of(block), BlockMeta.Draft.rewritten(meta, policies.steps(meta.maxTimeMs())), policies);
        figures.rewritten(System.nanoTime() - started);
    }

    /** Rewrites all blocks that have deleted samples without them. */
    synchronized void cleanTombstones() throws IOException {
        for (Block block : new ArrayList<>(blocks.list())) {
            if (block.hasTombstones()) {
                rewrite(block, policies());
            }
        }
    }
}
