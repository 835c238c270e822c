package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.narthex.testkit.StorageProbe.T0;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.ExemplarSeries;
import org.narthex.api.storage.SampleBatch;

/** Exemplars: the newest of all series together are kept, in ascending time for each. */
interface StorageExemplarTests extends StorageTests {
    private void needsExemplars() {
        assumeTrue(probe().contract().maxExemplars() > 0, "this storage keeps no exemplars");
    }

    private static Exemplar exemplar(long timestampMs, double value, String trace) {
        return new Exemplar(Labels.of("trace_id", trace), value, timestampMs);
    }

    /** Appends a sample of the series to make it known, then the exemplars one batch each. */
    private List<AppendResult> append(Labels series, Exemplar... exemplars) throws IOException {
        probe().append(series, T0, 1);
        List<AppendResult> results = new ArrayList<>();
        for (Exemplar exemplar : exemplars) {
            SampleBatch batch = new SampleBatch();
            batch.addExemplar(series, exemplar);
            probe().storage().append(batch);
            results.add(batch.exemplars().get(0).result());
        }
        return results;
    }

    private List<ExemplarSeries> find(Matcher... matchers) throws IOException {
        return probe().storage().exemplars(List.of(List.of(matchers)), T0 - 1_000_000, T0 + 7_200_000);
    }

    @Test
    default void givesBackExemplars() throws Exception {
        needsExemplars();
        Labels a = Labels.of("__name__", "a", "job", "x");
        Exemplar first = exemplar(T0 - 5, 0.5, "abc");
        Exemplar second = new Exemplar(Labels.of("span_id", "\ud83d\udd25 \"", "trace_id", ""), Double.NaN, T0 + 7);
        Exemplar bare = new Exemplar(Labels.EMPTY, -0.0, T0 + 8);
        assertThat(append(a, first, second, bare)).containsOnly(AppendResult.OK);
        assertThat(find(Matcher.equal("job", "x")))
                .containsExactly(new ExemplarSeries(a, List.of(first, second, bare)));
        assertThat(find(Matcher.equal("job", "y"))).isEmpty();
    }

    @Test
    default void takesExemplarsOfSeriesOfTheSameBatch() throws Exception {
        needsExemplars();
        Labels a = Labels.of("__name__", "a");
        Exemplar exemplar = exemplar(T0, 1, "x");
        SampleBatch batch = new SampleBatch();
        batch.addExemplar(a, exemplar);
        batch.add(a, T0, 1);
        probe().storage().append(batch);
        assertThat(batch.exemplars().get(0).result()).isEqualTo(AppendResult.OK);
        assertThat(find(Matcher.equal("__name__", "a"))).containsExactly(new ExemplarSeries(a, List.of(exemplar)));
    }

    @Test
    default void refusesExemplarsOfSeriesWithoutSamples() throws Exception {
        needsExemplars();
        Labels a = Labels.of("__name__", "a");
        SampleBatch batch = new SampleBatch();
        batch.addExemplar(Labels.of("__name__", "stranger"), exemplar(T0, 1, "x"));
        batch.addExemplar(a, exemplar(T0, 1, "x"));
        batch.add(a, T0, 1);
        probe().storage().append(batch);
        assertThat(batch.exemplars().get(0).result()).isEqualTo(AppendResult.UNKNOWN_REF);
        assertThat(batch.exemplars().get(1).result()).isEqualTo(AppendResult.OK);
        assertThat(find(Matcher.of(Matcher.Type.REGEX, "__name__", ".+")))
                .extracting(ExemplarSeries::series)
                .containsExactly(a);
        assertThat(probe().select(T0, T0, Matcher.equal("__name__", "stranger")))
                .isEmpty();
    }

    @Test
    default void refusesExemplarsWhoseLabelsAreTooLong() throws Exception {
        needsExemplars();
        Labels a = Labels.of("__name__", "a");
        int left = Exemplar.MAX_LABEL_CHARACTERS - "trace_id".length();
        // Characters are counted, not bytes and not halves of pairs.
        Exemplar longest = exemplar(T0, 1, "\ud83d\udd25".repeat(left));
        assertThat(append(
                        a,
                        exemplar(T0 - 1, 1, "x".repeat(left + 1)),
                        longest,
                        exemplar(T0 + 1, 1, "x".repeat(left + 1)),
                        exemplar(T0 + 2, 1, "x")))
                .containsExactly(
                        AppendResult.INVALID_VALUE, AppendResult.OK, AppendResult.INVALID_VALUE, AppendResult.OK);
        assertThat(find(Matcher.equal("__name__", "a")))
                .containsExactly(new ExemplarSeries(a, List.of(longest, exemplar(T0 + 2, 1, "x"))));
    }

    @Test
    default void keepsAnExemplarEqualToTheNewestOnce() throws Exception {
        needsExemplars();
        Labels a = Labels.of("__name__", "a");
        assertThat(append(a, exemplar(T0, 1, "x"), exemplar(T0, 1, "x"), exemplar(T0, 1, "x")))
                .containsExactly(AppendResult.OK, AppendResult.OK, AppendResult.OK);
        assertThat(find(Matcher.equal("__name__", "a")))
                .containsExactly(new ExemplarSeries(a, List.of(exemplar(T0, 1, "x"))));
    }

    @Test
    default void refusesExemplarsOlderThanTheNewestOfTheirSeries() throws Exception {
        needsExemplars();
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        assertThat(append(a, exemplar(T0, 1, "x"), exemplar(T0 - 1, 2, "y")))
                .containsExactly(AppendResult.OK, AppendResult.OUT_OF_ORDER);
        assertThat(append(b, exemplar(T0 - 1, 2, "y"))).containsExactly(AppendResult.OK);
        assertThat(find(Matcher.of(Matcher.Type.REGEX, "__name__", "a|b")))
                .containsExactly(
                        new ExemplarSeries(a, List.of(exemplar(T0, 1, "x"))),
                        new ExemplarSeries(b, List.of(exemplar(T0 - 1, 2, "y"))));
    }

    /** One scrape of a histogram brings an exemplar for several buckets, sorted by time, then by value. */
    @Test
    default void takesSeveralExemplarsOfOneTimeInTheOrderOfTheirValues() throws Exception {
        needsExemplars();
        Labels a = Labels.of("__name__", "a");
        assertThat(append(a, exemplar(T0, 1, "x"), exemplar(T0, 2, "y"), exemplar(T0, 1.5, "z")))
                .containsExactly(AppendResult.OK, AppendResult.OK, AppendResult.OUT_OF_ORDER);
        assertThat(find(Matcher.equal("__name__", "a")))
                .containsExactly(new ExemplarSeries(a, List.of(exemplar(T0, 1, "x"), exemplar(T0, 2, "y"))));
    }

    @Test
    default void findsExemplarsByAnyOfSeveralSelectors() throws Exception {
        needsExemplars();
        Labels a1 = Labels.of("__name__", "a", "i", "1");
        Labels a2 = Labels.of("__name__", "a", "i", "2");
        Labels b1 = Labels.of("__name__", "b", "i", "1");
        Labels c1 = Labels.of("__name__", "c", "i", "1");
        for (Labels series : List.of(c1, b1, a2, a1)) {
            append(series, exemplar(T0, 1, "x"));
        }
        Matcher a = Matcher.equal("__name__", "a");
        Matcher one = Matcher.equal("i", "1");
        Matcher b = Matcher.of(Matcher.Type.REGEX, "__name__", "b.*");
        assertThat(series(List.of(List.of(a)))).containsExactly(a1, a2);
        assertThat(series(List.of(List.of(a, one)))).containsExactly(a1);
        assertThat(series(List.of(List.of(b), List.of(a, one)))).containsExactly(a1, b1);
        assertThat(series(List.of(List.of(a), List.of(one)))).containsExactly(a1, a2, b1, c1);
        assertThat(series(List.of(List.of(a, b)))).isEmpty();
        assertThat(series(List.of())).isEmpty();
    }

    private List<Labels> series(List<List<Matcher>> selectors) throws IOException {
        return probe().storage().exemplars(selectors, T0, T0).stream()
                .map(ExemplarSeries::series)
                .toList();
    }

    @Test
    default void findsExemplarsWithinInclusiveBounds() throws Exception {
        needsExemplars();
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        append(a, exemplar(T0, 1, "x"), exemplar(T0 + 1, 1, "x"), exemplar(T0 + 2, 1, "x"), exemplar(T0 + 3, 1, "x"));
        append(b, exemplar(T0 + 9, 1, "x"));
        List<List<Matcher>> all = List.of(List.of(Matcher.of(Matcher.Type.REGEX, "__name__", ".+")));
        assertThat(probe().storage().exemplars(all, T0 + 1, T0 + 2))
                .containsExactly(new ExemplarSeries(a, List.of(exemplar(T0 + 1, 1, "x"), exemplar(T0 + 2, 1, "x"))));
        assertThat(probe().storage().exemplars(all, T0 + 4, T0 + 8)).isEmpty();
        assertThat(probe().storage().exemplars(all, Long.MIN_VALUE, Long.MAX_VALUE))
                .extracting(ExemplarSeries::series)
                .containsExactly(a, b);
    }

    @Test
    default void replacesTheOldestExemplarsOfAllSeriesWhenFull() throws Exception {
        needsExemplars();
        int max = probe().contract().maxExemplars();
        Labels first = Labels.of("__name__", "first");
        Labels a = Labels.of("__name__", "m", "i", "a");
        Labels b = Labels.of("__name__", "m", "i", "b");
        append(first, exemplar(T0 + 1000, 1, "x"));
        append(a, exemplar(T0, 1, "x"));
        probe().append(b, T0, 1);
        SampleBatch batch = new SampleBatch();
        for (int i = 1; i < max; i++) {
            batch.addExemplar(i % 2 == 0 ? a : b, exemplar(T0 + i, i, "x"));
            if (batch.exemplars().size() == 1000 || i == max - 1) {
                probe().storage().append(batch);
                batch.clear();
            }
        }
        // One more than fits: what came first is gone, although it is not the oldest by its time.
        assertThat(find(Matcher.equal("__name__", "first"))).isEmpty();
        assertThat(count(find(Matcher.equal("__name__", "m")))).isEqualTo(max);
        append(b, exemplar(T0 + max, 1, "x"));
        List<ExemplarSeries> found = find(Matcher.equal("__name__", "m"));
        assertThat(count(found)).isEqualTo(max);
        assertThat(found.get(0).exemplars().get(0).timestampMs()).isEqualTo(T0 + 2);
        // Forgotten altogether, it may begin anew.
        assertThat(append(first, exemplar(T0, 1, "x"))).containsExactly(AppendResult.OK);
    }

    private static int count(List<ExemplarSeries> found) {
        return found.stream().mapToInt(series -> series.exemplars().size()).sum();
    }
}
