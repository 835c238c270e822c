package org.narthex.tsdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SeriesSet;
import org.narthex.tsdb.block.Block;
import org.narthex.tsdb.chunk.SeriesSource;
import org.narthex.tsdb.head.HeadView;

/** A view of blocks and head as of one moment. */
final class TsdbQuerier implements Querier {
    private final HeadView head;
    private final List<Block> blocks;
    private final long minTimeMs;
    private final long maxTimeMs;

    /** @param blocks those within the range, in the order of their time */
    TsdbQuerier(HeadView head, List<Block> blocks, long minTimeMs, long maxTimeMs) {
        this.head = head;
        this.blocks = blocks;
        this.minTimeMs = minTimeMs;
        this.maxTimeMs = maxTimeMs;
    }

    @Override
    public SeriesSet select(List<Matcher> matchers) throws IOException {
        List<SeriesSource> sources = new ArrayList<>();
        for (Block block : blocks) {
            sources.add(block.select(matchers, minTimeMs, maxTimeMs));
        }
        sources.add(head.select(matchers, minTimeMs, maxTimeMs));
        if (head.hasLate()) {
            sources.add(head.selectLate(matchers, minTimeMs, maxTimeMs));
        }
        return new MergedSeriesSet(sources, minTimeMs, maxTimeMs);
    }

    @Override
    public List<String> labelNames(List<Matcher> matchers, int limit) throws IOException {
        Set<String> names = new TreeSet<>(Labels.UTF8_ORDER);
        for (Block block : blocks) {
            block.labelNames(matchers, names);
        }
        head.labelNames(matchers, minTimeMs, maxTimeMs, names);
        return first(names, limit);
    }

    @Override
    public List<String> labelValues(String name, List<Matcher> matchers, int limit) throws IOException {
        Set<String> values = new TreeSet<>(Labels.UTF8_ORDER);
        for (Block block : blocks) {
            block.labelValues(name, matchers, limit, values);
        }
        head.labelValues(name, matchers, minTimeMs, maxTimeMs, values);
        return first(values, limit);
    }

    private static List<String> first(Collection<String> sorted, int limit) {
        List<String> all = new ArrayList<>(sorted);
        return limit > 0 && all.size() > limit ? new ArrayList<>(all.subList(0, limit)) : all;
    }

    @Override
    public void close() {
        head.close();
    }
}
