package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.testkit.StorageProbe.T0;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;

/** Which series matchers find, in which order, and their labels. */
interface StorageSelectTests extends StorageTests {
    private void appendShop() throws Exception {
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.of("__name__", "requests", "job", "api", "code", "200"), T0, 1);
        batch.add(Labels.of("__name__", "requests", "job", "api", "code", "500"), T0, 2);
        batch.add(Labels.of("__name__", "requests", "job", "web", "code", "200"), T0, 3);
        batch.add(Labels.of("__name__", "requests", "job", "web"), T0, 4);
        batch.add(Labels.of("__name__", "up", "job", "api"), T0, 5);
        batch.add(Labels.of("zone", "z1"), T0, 6);
        probe().storage().append(batch);
    }

    private List<Integer> shop(Object... typeNameValue) throws Exception {
        Matcher[] matchers = new Matcher[typeNameValue.length / 3];
        for (int i = 0; i < matchers.length; i++) {
            matchers[i] = Matcher.of((Matcher.Type) typeNameValue[3 * i], (String) typeNameValue[3 * i + 1], (String)
                    typeNameValue[3 * i + 2]);
        }
        List<Integer> values = new ArrayList<>();
        try (Querier querier = probe().storage().querier(T0, T0)) {
            SeriesSet set = querier.select(List.of(matchers));
            SampleBuffer buffer = new SampleBuffer();
            for (int i = 0; i < set.size(); i++) {
                set.read(i, T0, T0, buffer);
                values.add((int) buffer.values()[0]);
            }
        }
        values.sort(null);
        return values;
    }

    @Test
    default void selectsByEqualAndNotEqual() throws Exception {
        appendShop();
        assertThat(shop(Matcher.Type.EQUAL, "job", "api")).containsExactly(1, 2, 5);
        assertThat(shop(Matcher.Type.EQUAL, "job", "api", Matcher.Type.NOT_EQUAL, "code", "200"))
                .containsExactly(2, 5);
        assertThat(shop(Matcher.Type.NOT_EQUAL, "job", "api")).containsExactly(3, 4, 6);
        assertThat(shop(Matcher.Type.EQUAL, "job", "nobody")).isEmpty();
        assertThat(shop(Matcher.Type.EQUAL, "nothing", "x")).isEmpty();
    }

    @Test
    default void selectsByRegex() throws Exception {
        appendShop();
        assertThat(shop(Matcher.Type.REGEX, "job", "a.*")).containsExactly(1, 2, 5);
        assertThat(shop(Matcher.Type.REGEX, "job", "api|web")).containsExactly(1, 2, 3, 4, 5);
        assertThat(shop(Matcher.Type.REGEX, "job", "ap")).isEmpty();
        assertThat(shop(Matcher.Type.REGEX, "code", "[25]00")).containsExactly(1, 2, 3);
        assertThat(shop(Matcher.Type.REGEX, "code", ".+")).containsExactly(1, 2, 3);
        assertThat(shop(Matcher.Type.NOT_REGEX, "code", "2.*", Matcher.Type.EQUAL, "__name__", "requests"))
                .containsExactly(2, 4);
        assertThat(shop(Matcher.Type.NOT_REGEX, "job", "api|web")).containsExactly(6);
    }

    @Test
    default void countsAbsentLabelsAsEmpty() throws Exception {
        appendShop();
        assertThat(shop(Matcher.Type.EQUAL, "code", "", Matcher.Type.EQUAL, "__name__", "requests"))
                .containsExactly(4);
        assertThat(shop(Matcher.Type.NOT_EQUAL, "code", "")).containsExactly(1, 2, 3);
        assertThat(shop(Matcher.Type.REGEX, "code", ".*", Matcher.Type.EQUAL, "job", "web"))
                .containsExactly(3, 4);
        assertThat(shop(Matcher.Type.REGEX, "code", "|500", Matcher.Type.EQUAL, "__name__", "requests"))
                .containsExactly(2, 4);
        assertThat(shop(Matcher.Type.NOT_REGEX, "code", ".*", Matcher.Type.EQUAL, "job", "web"))
                .isEmpty();
        assertThat(shop(Matcher.Type.NOT_REGEX, "code", ".+", Matcher.Type.EQUAL, "job", "api"))
                .containsExactly(5);
        assertThat(shop(Matcher.Type.EQUAL, "__name__", "", Matcher.Type.EQUAL, "zone", "z1"))
                .containsExactly(6);
        assertThat(shop(Matcher.Type.EQUAL, "nothing", "", Matcher.Type.EQUAL, "__name__", "up"))
                .containsExactly(5);
    }

    @Test
    default void selectsByAllMatchersTogether() throws Exception {
        appendShop();
        assertThat(shop(
                        Matcher.Type.EQUAL,
                        "__name__",
                        "requests",
                        Matcher.Type.REGEX,
                        "job",
                        "api|web",
                        Matcher.Type.NOT_EQUAL,
                        "job",
                        "web",
                        Matcher.Type.EQUAL,
                        "code",
                        "500"))
                .containsExactly(2);
        assertThat(shop(Matcher.Type.EQUAL, "job", "api", Matcher.Type.EQUAL, "job", "web"))
                .isEmpty();
    }

    @Test
    default void ordersSeriesByLabelsEachOnce() throws Exception {
        List<Labels> expected = new ArrayList<>(List.of(
                Labels.of("__name__", "a"),
                Labels.of("__name__", "a", "b", "1"),
                Labels.of("__name__", "a", "b", "10"),
                Labels.of("__name__", "a", "b", "2"),
                Labels.of("__name__", "a", "b", "2", "c", "x"),
                Labels.of("__name__", "a", "c", "1"),
                Labels.of("__name__", "a", "c", "\uffee"),
                Labels.of("__name__", "a", "c", "\ud83d\udd25"),
                Labels.of("__name__", "b"),
                Labels.of("job", "x")));
        List<Labels> shuffled = new ArrayList<>(expected);
        Collections.shuffle(shuffled, new Random(StorageProbe.SEED));
        for (Labels labels : shuffled) {
            probe().append(labels, T0, 1);
            probe().append(labels, T0 + 1000, 2);
        }
        expected.sort(null);
        assertThat(probe().select(T0, T0 + 1000, Matcher.equal("nothing", ""))).isEqualTo(expected);
    }

    @Test
    default void keepsAnyTextInLabels() throws Exception {
        Labels odd = Labels.of(
                "__name__",
                "odd metric",
                "quote\"d",
                "back\\slash\nnewline\ttab",
                "emoji",
                "\ud83d\udd25",
                "long",
                "x".repeat(5000));
        probe().append(odd, T0, 1);
        assertThat(probe().select(T0, T0, Matcher.equal("emoji", "\ud83d\udd25")))
                .containsExactly(odd);
    }

    @Test
    default void readsASetWithSeveralThreadsAtOnce() throws Exception {
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < 500; i++) {
            for (int s = 0; s < 20; s++) {
                batch.add(Labels.of("__name__", "a", "s", "s" + (char) ('a' + s)), T0 + i * 1000L, s * 1000 + i);
            }
        }
        probe().storage().append(batch);
        try (Querier querier = probe().storage().querier(T0, T0 + 500_000)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "a")));
            List<CompletableFuture<Void>> readers = new ArrayList<>();
            for (int r = 0; r < 4; r++) {
                readers.add(CompletableFuture.runAsync(() -> {
                    SampleBuffer buffer = new SampleBuffer();
                    for (int s = 0; s < 20; s++) {
                        try {
                            set.read(s, T0, T0 + 500_000, buffer);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        assertThat(buffer.size()).isEqualTo(500);
                        assertThat(buffer.values()[499]).isEqualTo(s * 1000 + 499);
                    }
                }));
            }
            for (CompletableFuture<Void> reader : readers) {
                reader.get(60, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    default void listsLabelNames() throws Exception {
        appendShop();
        try (Querier querier = probe().storage().querier(T0, T0)) {
            assertThat(querier.labelNames(List.of(), 0)).containsExactly("__name__", "code", "job", "zone");
            assertThat(querier.labelNames(List.of(), 2)).containsExactly("__name__", "code");
            assertThat(querier.labelNames(List.of(Matcher.equal("__name__", "up")), 0))
                    .containsExactly("__name__", "job");
            assertThat(querier.labelNames(List.of(Matcher.equal("job", "api")), 1))
                    .containsExactly("__name__");
            assertThat(querier.labelNames(List.of(Matcher.equal("job", "nobody")), 0))
                    .isEmpty();
        }
    }

    @Test
    default void listsLabelValues() throws Exception {
        appendShop();
        try (Querier querier = probe().storage().querier(T0, T0)) {
            assertThat(querier.labelValues("job", List.of(), 0)).containsExactly("api", "web");
            assertThat(querier.labelValues("job", List.of(), 1)).containsExactly("api");
            assertThat(querier.labelValues("code", List.of(Matcher.equal("job", "web")), 0))
                    .containsExactly("200");
            assertThat(querier.labelValues("code", List.of(Matcher.of(Matcher.Type.NOT_EQUAL, "code", "200")), 0))
                    .containsExactly("500");
            assertThat(querier.labelValues("job", List.of(Matcher.equal("__name__", "requests")), 1))
                    .containsExactly("api");
            assertThat(querier.labelValues("nothing", List.of(), 0)).isEmpty();
        }
    }

    @Test
    default void takesEveryKindOfMatcherForLabelNamesAndValues() throws Exception {
        appendShop();
        try (Querier querier = probe().storage().querier(T0, T0)) {
            Matcher web = Matcher.of(Matcher.Type.REGEX, "job", "w.b");
            Matcher noCode = Matcher.equal("code", "");
            Matcher notUp = Matcher.of(Matcher.Type.NOT_REGEX, "__name__", "u.|x");
            assertThat(querier.labelNames(List.of(web), 0)).containsExactly("__name__", "code", "job");
            assertThat(querier.labelNames(List.of(web, noCode), 0)).containsExactly("__name__", "job");
            assertThat(querier.labelNames(List.of(noCode, notUp), 0)).containsExactly("__name__", "job", "zone");
            assertThat(querier.labelNames(List.of(noCode, notUp), 2)).containsExactly("__name__", "job");
            assertThat(querier.labelNames(List.of(web), 50)).hasSize(3);
            assertThat(querier.labelValues("__name__", List.of(), 0)).containsExactly("requests", "up");
            assertThat(querier.labelValues("__name__", List.of(notUp), 0)).containsExactly("requests");
            assertThat(querier.labelValues("job", List.of(noCode), 0)).containsExactly("api", "web");
            assertThat(querier.labelValues("job", List.of(noCode, notUp), 0)).containsExactly("web");
            assertThat(querier.labelValues("job", List.of(web, Matcher.equal("job", "api")), 0))
                    .isEmpty();
            assertThat(querier.labelValues("code", List.of(), 50)).containsExactly("200", "500");
            assertThat(querier.labelValues("zone", List.of(web), 0)).isEmpty();
        }
    }

    @Test
    default void ordersLabelValuesByTheirBytes() throws Exception {
        for (String value : List.of("b", "\ud83d\udd25", "a10", "\uffee", "a", "a9", "Z")) {
            probe().append(Labels.of("__name__", "m", "v", value), T0, 1);
        }
        try (Querier querier = probe().storage().querier(T0, T0)) {
            assertThat(querier.labelValues("v", List.of(), 0))
                    .containsExactly("Z", "a", "a10", "a9", "b", "\uffee", "\ud83d\udd25");
            assertThat(querier.labelValues("v", List.of(), 6)).hasSize(6).doesNotContain("\ud83d\udd25");
        }
    }

    @Test
    default void selectsSeriesOfHistogramsLikeAnyOther() throws Exception {
        Labels a = Labels.of("__name__", "a", "kind", "histogram");
        probe().append(a, T0, HistogramKind.INTEGER.of(1, 2));
        assertThat(probe().select(T0, T0, Matcher.equal("kind", "histogram"))).containsExactly(a);
        try (Querier querier = probe().storage().querier(T0, T0)) {
            assertThat(querier.labelValues("kind", List.of(), 0)).containsExactly("histogram");
        }
    }
}
