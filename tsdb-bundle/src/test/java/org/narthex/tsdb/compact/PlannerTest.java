package org.narthex.tsdb.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.tsdb.compact.Planner.Candidate;

/** Blocks are written as {@code first-last}, in units of which the shortest block has 20; ranges are 20, 60, 180, 540. */
class PlannerTest {
    private static final Planner PLANNER = new Planner(20, 540, true);

    /** {@code !} after a block: its compaction failed; {@code xN}: N of its 10 series are deleted; {@code k}: it is of another kind. */
    private static List<Candidate> blocks(String text) {
        List<Candidate> blocks = new ArrayList<>();
        for (String block : text.strip().split(" +")) {
            if (block.isEmpty()) {
                continue;
            }
            String bounds = block.replaceAll("[!k]|x.*", "");
            String[] parts = bounds.split("~");
            int tombstones = block.contains("x") ? Integer.parseInt(block.replaceAll(".*x", "")) : 0;
            blocks.add(new Candidate(
                    bounds,
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    1,
                    block.contains("!"),
                    10,
                    tombstones,
                    block.contains("k") ? "stale" : ""));
        }
        return blocks;
    }

    private static String plan(Planner planner, String blocks) {
        return String.join(" ", planner.planCandidates(blocks(blocks), ulid -> false));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(nullValues = "none", textBlock = """
            nothing to do with one block,                       0~20,                            ''
            the newest block is left alone,                     0~20 20~40 40~60,                ''
            a full range is taken,                              0~20 20~40 40~60 60~80,          0~20 20~40 40~60
            a range that still grows is not,                    0~20 20~40 60~80,                ''
            a gap does not matter once time has passed,         0~20 40~60 60~80,                0~20 40~60
            a range not over yet waits,                         60~80 80~100 100~120,            ''
            a lone block stays,                                 0~20 60~80 80~100 100~120 120~140, 60~80 80~100 100~120
            the higher level follows,                           0~60 60~120 120~180 180~200,     0~60 60~120 120~180
            the lower level goes first,                         0~60 60~120 120~140 140~160 160~180 180~200, 120~140 140~160 160~180
            times before the epoch are aligned too,             -60~-40 -40~-20 -20~0 0~20,      -60~-40 -40~-20 -20~0
            blocks across the edge of a range belong to none,   10~30 30~50 50~70 80~100,        10~30 30~50
            a failed one keeps its group back,                  0~20 20~40! 40~60 60~80,         ''
            another group goes on,                              0~20! 20~40 40~60 60~80 80~100 100~120 120~140, 60~80 80~100 100~120
            overlaps come first,                                0~20 20~40 40~60 50~70 60~80,    40~60 50~70 60~80
            a chain of overlaps is one,                         0~30 20~50 40~70 70~90,          0~30 20~50 40~70
            the newest may overlap,                             0~20 20~40 30~50,                20~40 30~50
            failed overlaps are left,                           0~20! 10~30 40~60,               ''
            one within another,                                 0~100 20~40 60~80 100~120,       0~100 20~40 60~80
            a short block is not cleaned,                       0~20x5 20~40,                    ''
            a short block deleted altogether is,                0~20x10 20~40,                   0~20
            a long block with deletions is cleaned,             0~180x1 180~200,                 0~180
            few deletions are not worth it,                     0~180 180~200,                   ''
            the newest is not cleaned,                          0~180 180~360x5,                 ''
            kinds are not mixed,                                0~20 20~40k 40~60 60~80,         0~20 40~60
            the other kind is compacted by itself,              0~20 20~40k 40~60k 60~80k 120~140k 140~160, 20~40 40~60
            """)
    void plans(String rule, String blocks, String expected) {
        assertThat(plan(PLANNER, blocks)).as(rule).isEqualTo(expected);
    }

    @Test
    void hasRangesUpToTheLongest() {
        assertThat(PLANNER.ranges()).containsExactly(20L, 60L, 180L, 540L);
        assertThat(new Planner(20, 179, true).ranges()).containsExactly(20L, 60L);
        assertThat(new Planner(20, Long.MAX_VALUE / 4, true).ranges()).hasSize(10);
    }

    @Test
    void leavesBlocksAloneWhereTheLongestIsTheShortest() {
        Planner planner = new Planner(20, 20, true);
        assertThat(plan(planner, "0~20 20~40 40~60 60~80")).isEmpty();
        assertThat(plan(planner, "0~20 10~30 40~60")).isEqualTo("0~20 10~30");
    }

    @Test
    void leavesOverlapsAloneIfToldSo() {
        assertThat(plan(new Planner(20, 540, false), "0~20 10~30 40~60")).isEmpty();
    }

    @Test
    void waitsForBlocksThatAreNotUploaded() {
        List<Candidate> blocks = blocks("0~20 20~40 40~60 60~80");
        assertThat(PLANNER.planCandidates(blocks, Set.of("40~60")::contains)).isEmpty();
        assertThat(PLANNER.planCandidates(blocks, Set.of("60~80")::contains)).isEmpty();
        assertThat(PLANNER.planCandidates(blocks("0~20 20~40 40~60 60~80 80~90"), Set.of("80~90")::contains))
                .hasSize(3);
    }
}
