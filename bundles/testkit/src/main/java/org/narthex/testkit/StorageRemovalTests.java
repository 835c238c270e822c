package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.narthex.testkit.StorageProbe.T0;
import static org.narthex.testkit.StorageProbe.text;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;

/** Deleting. */
interface StorageRemovalTests extends StorageTests {
    @Test
    default void deletesMatchingSamplesWithinInclusiveBounds() throws Exception {
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        probe().append(a, T0, 1, T0 + 1, 2, T0 + 2, 3, T0 + 3, 4);
        probe().append(b, T0 + 1, 5);
        probe().storage().delete(List.of(Matcher.equal("__name__", "a")), T0 + 1, T0 + 2);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1, T0 + 3, 4));
        assertThat(probe().samples(b)).isEqualTo(text(T0 + 1, 5));
        probe().storage().delete(List.of(Matcher.equal("__name__", "a")), T0 + 3, T0 + 3);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1));
    }

    @Test
    default void takesNewerSamplesAfterADeleteWithoutUpperBound() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, 1, T0 + 1, 2);
        probe().storage().delete(List.of(Matcher.equal("__name__", "a")), Long.MIN_VALUE, Long.MAX_VALUE);
        assertThat(probe().samples(a)).isEmpty();
        assertThat(probe().append(a, T0 + 2, 3)).containsExactly(AppendResult.OK);
        assertThat(probe().samples(a)).isEqualTo(text(T0 + 2, 3));
    }

    @Test
    default void deletesOnlyWhatAllMatchersMatch() throws Exception {
        Labels a = Labels.of("__name__", "m", "job", "a");
        Labels b = Labels.of("__name__", "m", "job", "b");
        Labels c = Labels.of("__name__", "n", "job", "a");
        for (Labels series : List.of(a, b, c)) {
            probe().append(series, T0, 1);
        }
        probe().storage()
                .delete(List.of(Matcher.equal("__name__", "m"), Matcher.of(Matcher.Type.REGEX, "job", "a.*")), T0, T0);
        assertThat(probe().samples(a)).isEmpty();
        assertThat(probe().samples(b)).isEqualTo(text(T0, 1));
        assertThat(probe().samples(c)).isEqualTo(text(T0, 1));
    }

    @Test
    default void deletesNothingWhereNothingMatches() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, 1, T0 + 1, 2);
        probe().storage().delete(List.of(Matcher.equal("__name__", "b")), Long.MIN_VALUE, Long.MAX_VALUE);
        probe().storage().delete(List.of(Matcher.equal("__name__", "a")), T0 + 2, T0 + 1000);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1, T0 + 1, 2));
    }

    @Test
    default void deletesHistograms() throws Exception {
        Labels a = Labels.of("__name__", "a");
        Histogram[] written = new Histogram[4];
        for (int i = 0; i < written.length; i++) {
            written[i] = HistogramKind.INTEGER.of(3 + i, 1, 0, 2);
            probe().append(a, T0 + i, written[i]);
        }
        probe().storage().delete(List.of(Matcher.equal("__name__", "a")), T0 + 1, T0 + 2);
        assertThat(probe().samples(a)).isEqualTo(text(T0, written[0]) + text(T0 + 3, written[3]));
    }

    @Test
    default void leavesTheOtherSamplesTheirStartTimestamps() throws Exception {
        assumeTrue(probe().contract().keepsStartTimestamps(), "this storage keeps no start timestamps");
        Labels a = Labels.of("__name__", "a");
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < 5; i++) {
            batch.add(a, T0 + i, i);
            batch.startTimestampMs(T0 - 1000 + i);
        }
        probe().storage().append(batch);
        probe().storage().delete(List.of(Matcher.equal("__name__", "a")), T0 + 1, T0 + 2);
        SampleBuffer buffer = probe().read(a, T0, T0 + 4);
        assertThat(text(buffer)).isEqualTo(text(T0, 0, T0 + 3, 3, T0 + 4, 4));
        for (int i = 0; i < 3; i++) {
            assertThat(buffer.startTimestampMs(i)).isEqualTo(buffer.timestampsMs()[i] - 1000);
        }
    }

    /** The sample that fell is gone, but the one after it is still below the one before. */
    @Test
    default void saysNotResetOnlyOfNeighboursThatRemain() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, HistogramKind.INTEGER.of(9, 9));
        probe().append(a, T0 + 1, HistogramKind.INTEGER.of(1, 1));
        probe().append(a, T0 + 2, HistogramKind.INTEGER.of(2, 2));
        probe().storage().delete(List.of(Matcher.equal("__name__", "a")), T0 + 1, T0 + 1);
        SampleBuffer buffer = probe().read(a, T0, T0 + 2);
        assertThat(buffer.size()).isEqualTo(2);
        assertThat(buffer.histogram(1).resetHint()).isNotEqualTo(Histogram.ResetHint.NOT_RESET);
    }

    @Test
    default void answersTheSameAfterCleaning() throws Exception {
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        Labels c = Labels.of("__name__", "c");
        probe().append(a, T0, 1, T0 + 1, 2, T0 + 2, 3);
        Histogram kept = HistogramKind.FLOAT.of(1, 2);
        probe().append(b, T0, kept);
        probe().append(b, T0 + 1, HistogramKind.FLOAT.of(2, 2));
        probe().append(c, T0, 1);
        probe().storage().delete(List.of(Matcher.of(Matcher.Type.REGEX, "__name__", "a|b")), T0 + 1, T0 + 1);
        probe().storage().delete(List.of(Matcher.equal("__name__", "c")), T0, T0);
        probe().storage().cleanTombstones();
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1, T0 + 2, 3));
        assertThat(probe().samples(b)).isEqualTo(text(T0, kept));
        assertThat(probe().samples(c)).isEmpty();
        assertThat(probe().append(a, T0 + 3, 4)).containsExactly(AppendResult.OK);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1, T0 + 2, 3, T0 + 3, 4));
    }
}
