package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.narthex.testkit.StorageProbe.T0;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.MetricType;
import org.narthex.api.storage.SampleBatch;

/** Metadata of series that have samples: of each the latest. */
interface StorageMetadataTests extends StorageTests {
    private void needsMetadata() {
        assumeTrue(probe().contract().keepsMetadata(), "this storage keeps no metadata");
    }

    private static Metadata gauge(String help) {
        return new Metadata(MetricType.GAUGE, "bytes", help);
    }

    private void append(Labels series, Metadata about) throws IOException {
        probe().append(series, T0, 1);
        SampleBatch batch = new SampleBatch();
        batch.addMetadata(series, about);
        probe().storage().append(batch);
    }

    @Test
    default void givesBackMetadataByMetricName() throws Exception {
        needsMetadata();
        append(Labels.of("__name__", "a"), gauge("help \ud83d\udd25\n\"quoted\""));
        append(Labels.of("__name__", "b"), new Metadata(MetricType.COUNTER, "", ""));
        assertThat(probe().storage().metadata("a")).hasSize(1).hasEntrySatisfying("a", list -> assertThat(list)
                .containsExactly(gauge("help \ud83d\udd25\n\"quoted\"")));
        assertThat(probe().storage().metadata("")).containsOnlyKeys("a", "b");
        assertThat(probe().storage().metadata("").get("b")).containsExactly(new Metadata(MetricType.COUNTER, "", ""));
        assertThat(probe().storage().metadata("c")).isEmpty();
    }

    @Test
    default void takesMetadataOfSeriesOfTheSameBatch() throws Exception {
        needsMetadata();
        Labels a = Labels.of("__name__", "a");
        SampleBatch batch = new SampleBatch();
        batch.addMetadata(a, gauge("x"));
        batch.add(a, T0, 1);
        probe().storage().append(batch);
        assertThat(probe().storage().metadata("a").get("a")).containsExactly(gauge("x"));
    }

    @Test
    default void keepsTheLatestMetadataOfASeries() throws Exception {
        needsMetadata();
        Labels a = Labels.of("__name__", "a");
        append(a, gauge("old"));
        append(a, gauge("new"));
        assertThat(probe().storage().metadata("a").get("a")).containsExactly(gauge("new"));
    }

    @Test
    default void listsEachOpinionOnAMetricOnce() throws Exception {
        needsMetadata();
        append(Labels.of("__name__", "a", "i", "1"), gauge("x"));
        append(Labels.of("__name__", "a", "i", "2"), gauge("y"));
        append(Labels.of("__name__", "a", "i", "3"), gauge("x"));
        assertThat(probe().storage().metadata("a").get("a")).containsExactlyInAnyOrder(gauge("x"), gauge("y"));
    }
}
