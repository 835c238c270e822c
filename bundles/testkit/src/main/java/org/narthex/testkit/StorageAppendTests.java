package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.testkit.StorageProbe.T0;
import static org.narthex.testkit.StorageProbe.results;
import static org.narthex.testkit.StorageProbe.text;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;

/** What becomes of samples, and references. */
interface StorageAppendTests extends StorageTests {
    @Test
    default void showsAppendedSamplesToNewQueriers() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, 1, T0 + 1000, 2, T0 + 2000, 3);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1, T0 + 1000, 2, T0 + 2000, 3));
    }

    @Test
    default void takesAnEmptyBatch() throws Exception {
        probe().storage().append(new SampleBatch());
        assertThat(probe().select(Long.MIN_VALUE, Long.MAX_VALUE, Matcher.of(Matcher.Type.REGEX, "__name__", ".+")))
                .isEmpty();
    }

    @Test
    default void saysOkForEverySampleItKeeps() throws Exception {
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.of("__name__", "a"), T0, 1);
        batch.add(Labels.of("__name__", "b"), T0, 1);
        probe().storage().append(batch);
        assertThat(batch.count(AppendResult.OK)).isEqualTo(2);
    }

    @Test
    default void takesOneBatchObjectAgainAndAgain() throws Exception {
        SampleBatch batch = new SampleBatch(2);
        Labels a = Labels.of("__name__", "a");
        for (int i = 0; i < 10; i++) {
            batch.clear();
            batch.add(a, T0 + i, i);
            probe().storage().append(batch);
            assertThat(batch.result(0)).isEqualTo(AppendResult.OK);
        }
        assertThat(probe().read(a, T0, T0 + 100).size()).isEqualTo(10);
    }

    @Test
    default void takesSeriesAndTimestampsInAnyOrderWithinOneBatch() throws Exception {
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        SampleBatch batch = new SampleBatch();
        batch.add(b, T0 + 5000, 1);
        batch.add(a, T0, 2);
        batch.add(b, T0 + 6000, 3);
        batch.add(a, T0 + 1000, 4);
        probe().storage().append(batch);
        assertThat(batch.count(AppendResult.OK)).isEqualTo(4);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 2, T0 + 1000, 4));
        assertThat(probe().samples(b)).isEqualTo(text(T0 + 5000, 1, T0 + 6000, 3));
    }

    @Test
    default void takesSamplesOfOneSeriesInTheOrderOfTheBatch() throws Exception {
        Labels a = Labels.of("__name__", "a");
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0 + 1000, 1);
        batch.add(a, T0, 2);
        batch.add(a, T0 + 1000, 1);
        batch.add(a, T0 + 1000, 9);
        batch.add(a, T0 + 2000, 3);
        probe().storage().append(batch);
        assertThat(results(batch))
                .containsExactly(
                        AppendResult.OK,
                        AppendResult.OUT_OF_ORDER,
                        AppendResult.OK,
                        AppendResult.DUPLICATE,
                        AppendResult.OK);
        assertThat(probe().samples(a)).isEqualTo(text(T0 + 1000, 1, T0 + 2000, 3));
    }

    @Test
    default void keepsAnEqualSampleOnce() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, 1);
        assertThat(probe().append(a, T0, 1)).containsExactly(AppendResult.OK);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1));
    }

    @Test
    default void refusesAnotherValueAtTheNewestTimestamp() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, 1);
        assertThat(probe().append(a, T0, 2)).containsExactly(AppendResult.DUPLICATE);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1));
    }

    @Test
    default void comparesDuplicatesByBits() throws Exception {
        Labels zero = Labels.of("__name__", "zero");
        Labels nan = Labels.of("__name__", "nan");
        probe().append(zero, T0, 0.0);
        probe().append(nan, T0, Double.NaN);
        assertThat(probe().append(zero, T0, -0.0)).containsExactly(AppendResult.DUPLICATE);
        assertThat(probe().append(nan, T0, Double.NaN)).containsExactly(AppendResult.OK);
        assertThat(probe().append(nan, T0, StaleNaN.VALUE)).containsExactly(AppendResult.DUPLICATE);
    }

    @Test
    default void refusesSamplesOlderThanTheNewestOfTheirSeries() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0 + 1000, 1);
        assertThat(probe().append(a, T0, 2)).containsExactly(AppendResult.OUT_OF_ORDER);
        assertThat(probe().samples(a)).isEqualTo(text(T0 + 1000, 1));
    }

    @Test
    default void takesAnOlderSampleOfAnotherSeries() throws Exception {
        probe().append(Labels.of("__name__", "a"), T0 + 60_000, 1);
        Labels b = Labels.of("__name__", "b");
        assertThat(probe().append(b, T0, 2)).containsExactly(AppendResult.OK);
        assertThat(probe().samples(b)).isEqualTo(text(T0, 2));
    }

    @Test
    default void refusesEmptyLabels() throws Exception {
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.EMPTY, T0, 1);
        probe().storage().append(batch);
        assertThat(batch.result(0)).isEqualTo(AppendResult.INVALID_LABELS);
    }

    @Test
    default void letsARefusedSampleHarmNoOther() throws Exception {
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        probe().append(a, T0 + 1000, 1);
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.EMPTY, T0 + 2000, 0);
        batch.add(b, T0 + 2000, 2);
        batch.add(a, T0, 0);
        batch.add(a, T0 + 1000, 7);
        batch.add(a, T0 + 2000, 3);
        probe().storage().append(batch);
        assertThat(results(batch))
                .containsExactly(
                        AppendResult.INVALID_LABELS,
                        AppendResult.OK,
                        AppendResult.OUT_OF_ORDER,
                        AppendResult.DUPLICATE,
                        AppendResult.OK);
        assertThat(probe().samples(a)).isEqualTo(text(T0 + 1000, 1, T0 + 2000, 3));
        assertThat(probe().samples(b)).isEqualTo(text(T0 + 2000, 2));
    }

    @Test
    default void givesEachSeriesItsOwnLastingReference() throws Exception {
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < 100; i++) {
            batch.add(Labels.of("__name__", "a", "i", Integer.toString(i)), T0, i);
        }
        probe().storage().append(batch);
        List<Long> refs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            refs.add(batch.ref(i));
        }
        assertThat(refs).doesNotContain(SampleBatch.NO_REF).doesNotHaveDuplicates();
        for (int i = 0; i < 100; i++) {
            SampleBatch again = new SampleBatch();
            again.add(batch.labels(i), T0 + 1, i);
            probe().storage().append(again);
            assertThat(again.ref(0)).isEqualTo(refs.get(i));
        }
    }

    @Test
    default void takesSamplesByReference() throws Exception {
        Labels a = Labels.of("__name__", "a");
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0, 1);
        probe().storage().append(batch);
        SampleBatch next = new SampleBatch();
        next.add(a, batch.ref(0), T0 + 1000, 2);
        probe().storage().append(next);
        assertThat(next.result(0)).isEqualTo(AppendResult.OK);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1, T0 + 1000, 2));
    }

    @Test
    default void treatsUnknownReferencesAsNone() throws Exception {
        long[] unknown = {1, 2, 77, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, (1L << 32) - 1};
        for (int i = 0; i < unknown.length; i++) {
            Labels series = Labels.of("__name__", "stranger", "i", Integer.toString(i));
            SampleBatch batch = new SampleBatch();
            // The first ones may by chance be known; a storage is asked here before it knows any series.
            batch.add(series, unknown[unknown.length - 1 - i], T0, i);
            probe().storage().append(batch);
            if (i < 5) {
                assertThat(batch.result(0)).isEqualTo(AppendResult.OK);
                assertThat(probe().samples(series)).isEqualTo(text(T0, i));
            }
        }
    }

    @Test
    default void setsTheReferenceOfAKnownSeriesEvenWhenTheSampleIsRefused() throws Exception {
        Labels a = Labels.of("__name__", "a");
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0, 1);
        probe().storage().append(batch);
        SampleBatch refused = new SampleBatch();
        refused.add(a, T0 - 1, 1);
        probe().storage().append(refused);
        assertThat(refused.ref(0)).isEqualTo(batch.ref(0));
    }

    @Test
    default void takesSamplesByReferenceAlone() throws Exception {
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0, 1);
        batch.add(b, T0, 2);
        probe().storage().append(batch);
        SampleBatch next = new SampleBatch();
        next.add(null, batch.ref(1), T0 + 1000, 3);
        next.add(null, batch.ref(0), T0 + 1000, 4);
        next.add(null, batch.ref(0), T0, 5);
        next.add(null, batch.ref(0), T0 + 1000, 6);
        probe().storage().append(next);
        assertThat(results(next))
                .containsExactly(AppendResult.OK, AppendResult.OK, AppendResult.OUT_OF_ORDER, AppendResult.DUPLICATE);
        assertThat(next.ref(0)).isEqualTo(batch.ref(1));
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1, T0 + 1000, 4));
        assertThat(probe().samples(b)).isEqualTo(text(T0, 2, T0 + 1000, 3));
    }

    @Test
    default void asksForLabelsWhereTheReferenceIsUnknown() throws Exception {
        Labels a = Labels.of("__name__", "a");
        long[] unknown = {1, 77, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, (1L << 32) - 1};
        SampleBatch batch = new SampleBatch();
        for (long ref : unknown) {
            batch.add(null, ref, T0, 1);
        }
        batch.add(null, 78, T0, HistogramKind.INTEGER.of(1));
        probe().storage().append(batch);
        assertThat(results(batch)).hasSize(8).containsOnly(AppendResult.UNKNOWN_REF);
        batch.clear();
        batch.add(null, Long.MAX_VALUE, T0, 1);
        batch.add(a, T0, 2);
        probe().storage().append(batch);
        assertThat(results(batch)).containsExactly(AppendResult.UNKNOWN_REF, AppendResult.OK);
        assertThat(probe().select(T0, T0, Matcher.of(Matcher.Type.NOT_EQUAL, "__name__", "")))
                .containsExactly(a);
        batch.clear();
        batch.add(Labels.of("__name__", "late"), Long.MAX_VALUE, T0, 1);
        probe().storage().append(batch);
        assertThat(batch.result(0)).isEqualTo(AppendResult.OK);
    }
}
