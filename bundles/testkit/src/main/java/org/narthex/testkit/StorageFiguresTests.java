package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.narthex.testkit.StorageProbe.T0;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.CardinalityStats;
import org.narthex.api.storage.CardinalityStats.Count;
import org.narthex.api.storage.StorageStats;

/** What a storage tells about itself. */
interface StorageFiguresTests extends StorageTests {
    @Test
    default void tellsItsFigures() throws Exception {
        StorageStats empty = probe().storage().stats();
        assertThat(empty.series()).isZero();
        assertThat(empty.minTimeMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(empty.maxTimeMs()).isEqualTo(Long.MIN_VALUE);
        probe().append(Labels.of("__name__", "a", "job", "x"), T0, 1, T0 + 5, 1);
        probe().append(Labels.of("__name__", "b", "job", "x"), T0 + 7, 1);
        StorageStats stats = probe().storage().stats();
        assertThat(stats.series()).isEqualTo(2);
        assertThat(stats.labelPairs()).isEqualTo(3);
        assertThat(stats.minTimeMs()).isEqualTo(T0);
        assertThat(stats.maxTimeMs()).isEqualTo(T0 + 7);
        assertThat(stats.corruptions()).isZero();
        assertThat(probe().storage().faults()).isEmpty();
    }

    private void appendSeries() throws Exception {
        for (int i = 0; i < 5; i++) {
            probe().append(Labels.of("__name__", "requests", "code", "20" + i, "job", "api"), T0, 1);
        }
        probe().append(Labels.of("__name__", "up", "job", "api"), T0, 1);
        probe().append(Labels.of("__name__", "up", "job", "database"), T0, 1);
        probe().append(Labels.of("__name__", "latency", "job", "api"), T0, HistogramKind.INTEGER.of(1));
    }

    @Test
    default void countsSeriesByNameLabelAndPair() throws Exception {
        assumeTrue(probe().contract().countsCardinality(), "this storage does not count series by label");
        appendSeries();
        CardinalityStats stats = probe().storage().cardinality(100).orElseThrow();
        assertThat(stats.series())
                .containsExactly(new Count("requests", 5), new Count("up", 2), new Count("latency", 1));
        assertThat(stats.labelValues())
                .containsExactlyInAnyOrder(new Count("code", 5), new Count("__name__", 3), new Count("job", 2));
        assertThat(stats.labelBytes())
                .containsExactlyInAnyOrder(
                        new Count("__name__", 5 * 8 + 2 * 2 + 7), new Count("job", 7 * 3 + 8), new Count("code", 15));
        assertThat(stats.labelPairs())
                .contains(new Count("job=api", 7), new Count("__name__=requests", 5), new Count("code=204", 1))
                .hasSize(3 + 5 + 2);
        for (List<Count> list : lists(stats)) {
            assertThat(list.stream().map(count -> -count.count()).toList()).isSorted();
        }
        assertThat(stats.series().stream().mapToLong(Count::count).sum())
                .isEqualTo(probe().storage().stats().series());
    }

    @Test
    default void listsTheLargestCountsOnly() throws Exception {
        assumeTrue(probe().contract().countsCardinality(), "this storage does not count series by label");
        appendSeries();
        CardinalityStats stats = probe().storage().cardinality(1).orElseThrow();
        assertThat(stats.series()).containsExactly(new Count("requests", 5));
        assertThat(stats.labelValues()).containsExactly(new Count("code", 5));
        assertThat(stats.labelBytes()).containsExactly(new Count("__name__", 51));
        assertThat(stats.labelPairs()).containsExactly(new Count("job=api", 7));
    }

    private static List<List<Count>> lists(CardinalityStats stats) {
        return Stream.of(stats.series(), stats.labelValues(), stats.labelBytes(), stats.labelPairs())
                .toList();
    }
}
