package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageStats;

/**
 * What every {@link Storage} must do, statement by statement of its javadoc. A back-end's test extends this class and says how to open and close
 * one; all samples here lie within two hours after {@link #T0}.
 *
 * <p>One class although it is long: a back-end extends a single class and so cannot leave a part of the contract out.
 */
@Timeout(120)
public abstract class StorageContract {
    /** 2023-11-14T22:13:20Z, in milliseconds. */
    protected static final long T0 = 1_700_000_000_000L;

    private static final long SEED = 20231114;

    @TempDir
    Path folder;

    private Storage storage;

    /** Opens a storage, ready to work, on what lies in the folder; the folder is missing or empty at first. */
    protected abstract Storage open(Path data) throws Exception;

    /** Closes what {@link #open} gave, as a shutdown does. */
    protected abstract void close(Storage opened) throws Exception;

    @BeforeEach
    void openStorage() throws Exception {
        storage = open(folder.resolve("data"));
    }

    @AfterEach
    void closeStorage() throws Exception {
        close(storage);
    }

    // --- append
    // -----------------------------------------------------------------------------------------------------------------

    @Test
    void showsAppendedSamplesToNewQueriers() throws Exception {
        Labels a = Labels.of("__name__", "a");
        append(a, T0, 1, T0 + 1000, 2, T0 + 2000, 3);
        assertThat(samples(a)).isEqualTo(text(T0, 1, T0 + 1000, 2, T0 + 2000, 3));
    }

    @Test
    void takesAnEmptyBatch() throws Exception {
        storage.append(new SampleBatch());
        assertThat(select(Long.MIN_VALUE, Long.MAX_VALUE, Matcher.of(Matcher.Type.REGEX, "__name__", ".+")))
                .isEmpty();
    }

    @Test
    void saysOkForEverySampleItKeeps() throws Exception {
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.of("__name__", "a"), T0, 1);
        batch.add(Labels.of("__name__", "b"), T0, 1);
        storage.append(batch);
        assertThat(batch.count(AppendResult.OK)).isEqualTo(2);
    }

    @Test
    void takesOneBatchObjectAgainAndAgain() throws Exception {
        SampleBatch batch = new SampleBatch(2);
        Labels a = Labels.of("__name__", "a");
        for (int i = 0; i < 10; i++) {
            batch.clear();
            batch.add(a, T0 + i, i);
            storage.append(batch);
            assertThat(batch.result(0)).isEqualTo(AppendResult.OK);
        }
        assertThat(read(a, T0, T0 + 100).size()).isEqualTo(10);
    }

    @Test
    void takesSeriesAndTimestampsInAnyOrderWithinOneBatch() throws Exception {
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        SampleBatch batch = new SampleBatch();
        batch.add(b, T0 + 5000, 1);
        batch.add(a, T0, 2);
        batch.add(b, T0 + 6000, 3);
        batch.add(a, T0 + 1000, 4);
        storage.append(batch);
        assertThat(batch.count(AppendResult.OK)).isEqualTo(4);
        assertThat(samples(a)).isEqualTo(text(T0, 2, T0 + 1000, 4));
        assertThat(samples(b)).isEqualTo(text(T0 + 5000, 1, T0 + 6000, 3));
    }

    @Test
    void takesSamplesOfOneSeriesInTheOrderOfTheBatch() throws Exception {
        Labels a = Labels.of("__name__", "a");
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0 + 1000, 1);
        batch.add(a, T0, 2);
        batch.add(a, T0 + 1000, 1);
        batch.add(a, T0 + 1000, 9);
        batch.add(a, T0 + 2000, 3);
        storage.append(batch);
        assertThat(results(batch))
                .containsExactly(
                        AppendResult.OK,
                        AppendResult.OUT_OF_ORDER,
                        AppendResult.OK,
                        AppendResult.DUPLICATE,
                        AppendResult.OK);
        assertThat(samples(a)).isEqualTo(text(T0 + 1000, 1, T0 + 2000, 3));
    }

    @Test
    void keepsAnEqualSampleOnce() throws Exception {
        Labels a = Labels.of("__name__", "a");
        append(a, T0, 1);
        assertThat(append(a, T0, 1)).containsExactly(AppendResult.OK);
        assertThat(samples(a)).isEqualTo(text(T0, 1));
    }

    @Test
    void refusesAnotherValueAtTheNewestTimestamp() throws Exception {
        Labels a = Labels.of("__name__", "a");
        append(a, T0, 1);
        assertThat(append(a, T0, 2)).containsExactly(AppendResult.DUPLICATE);
        assertThat(samples(a)).isEqualTo(text(T0, 1));
    }

    @Test
    void comparesDuplicatesByBits() throws Exception {
        Labels zero = Labels.of("__name__", "zero");
        Labels nan = Labels.of("__name__", "nan");
        append(zero, T0, 0.0);
        append(nan, T0, Double.NaN);
        assertThat(append(zero, T0, -0.0)).containsExactly(AppendResult.DUPLICATE);
        assertThat(append(nan, T0, Double.NaN)).containsExactly(AppendResult.OK);
        assertThat(append(nan, T0, StaleNaN.VALUE)).containsExactly(AppendResult.DUPLICATE);
    }

    @Test
    void refusesSamplesOlderThanTheNewestOfTheirSeries() throws Exception {
        Labels a = Labels.of("__name__", "a");
        append(a, T0 + 1000, 1);
        assertThat(append(a, T0, 2)).containsExactly(AppendResult.OUT_OF_ORDER);
        assertThat(samples(a)).isEqualTo(text(T0 + 1000, 1));
    }

    @Test
    void takesAnOlderSampleOfAnotherSeries() throws Exception {
        append(Labels.of("__name__", "a"), T0 + 60_000, 1);
        Labels b = Labels.of("__name__", "b");
        assertThat(append(b, T0, 2)).containsExactly(AppendResult.OK);
        assertThat(samples(b)).isEqualTo(text(T0, 2));
    }

    @Test
    void refusesEmptyLabels() throws Exception {
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.EMPTY, T0, 1);
        storage.append(batch);
        assertThat(batch.result(0)).isEqualTo(AppendResult.INVALID_LABELS);
    }

    @Test
    void letsARefusedSampleHarmNoOther() throws Exception {
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        append(a, T0 + 1000, 1);
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.EMPTY, T0 + 2000, 0);
        batch.add(b, T0 + 2000, 2);
        batch.add(a, T0, 0);
        batch.add(a, T0 + 1000, 7);
        batch.add(a, T0 + 2000, 3);
        storage.append(batch);
        assertThat(results(batch))
                .containsExactly(
                        AppendResult.INVALID_LABELS,
                        AppendResult.OK,
                        AppendResult.OUT_OF_ORDER,
                        AppendResult.DUPLICATE,
                        AppendResult.OK);
        assertThat(samples(a)).isEqualTo(text(T0 + 1000, 1, T0 + 2000, 3));
        assertThat(samples(b)).isEqualTo(text(T0 + 2000, 2));
    }

    // --- references
    // -------------------------------------------------------------------------------------------------------------

    @Test
    void givesEachSeriesItsOwnLastingReference() throws Exception {
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < 100; i++) {
            batch.add(Labels.of("__name__", "a", "i", Integer.toString(i)), T0, i);
        }
        storage.append(batch);
        List<Long> refs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            refs.add(batch.ref(i));
        }
        assertThat(refs).doesNotContain(SampleBatch.NO_REF).doesNotHaveDuplicates();
        for (int i = 0; i < 100; i++) {
            SampleBatch again = new SampleBatch();
            again.add(batch.labels(i), T0 + 1, i);
            storage.append(again);
            assertThat(again.ref(0)).isEqualTo(refs.get(i));
        }
    }

    @Test
    void takesSamplesByReference() throws Exception {
        Labels a = Labels.of("__name__", "a");
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0, 1);
        storage.append(batch);
        SampleBatch next = new SampleBatch();
        next.add(a, batch.ref(0), T0 + 1000, 2);
        storage.append(next);
        assertThat(next.result(0)).isEqualTo(AppendResult.OK);
        assertThat(samples(a)).isEqualTo(text(T0, 1, T0 + 1000, 2));
    }

    @Test
    void treatsUnknownReferencesAsNone() throws Exception {
        long[] unknown = {1, 2, 77, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, (1L << 32) - 1};
        for (int i = 0; i < unknown.length; i++) {
            Labels series = Labels.of("__name__", "stranger", "i", Integer.toString(i));
            SampleBatch batch = new SampleBatch();
            // The first ones may by chance be known; a storage is asked here before it knows any series.
            batch.add(series, unknown[unknown.length - 1 - i], T0, i);
            storage.append(batch);
            if (i < 5) {
                assertThat(batch.result(0)).isEqualTo(AppendResult.OK);
                assertThat(samples(series)).isEqualTo(text(T0, i));
            }
        }
    }

    @Test
    void setsTheReferenceOfAKnownSeriesEvenWhenTheSampleIsRefused() throws Exception {
        Labels a = Labels.of("__name__", "a");
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0, 1);
        storage.append(batch);
        SampleBatch refused = new SampleBatch();
        refused.add(a, T0 - 1, 1);
        storage.append(refused);
        assertThat(refused.ref(0)).isEqualTo(batch.ref(0));
    }

    // --- values
    // -----------------------------------------------------------------------------------------------------------------

    @Test
    void keepsEveryBitOfSpecialValues() throws Exception {
        double[] special = {
            0.0,
            -0.0,
            Double.NaN,
            StaleNaN.VALUE,
            Double.longBitsToDouble(0x7ff8000000000001L),
            Double.longBitsToDouble(0xfff8000000000123L),
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            Double.MIN_NORMAL,
            -1e-310,
            1.0 / 3,
            1e21
        };
        Labels a = Labels.of("__name__", "special");
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < special.length; i++) {
            batch.add(a, T0 + i, special[i]);
        }
        storage.append(batch);
        SampleBuffer buffer = read(a, T0, T0 + 1000);
        assertThat(buffer.size()).isEqualTo(special.length);
        for (int i = 0; i < special.length; i++) {
            assertThat(Double.doubleToRawLongBits(buffer.values()[i]))
                    .as("value %d", i)
                    .isEqualTo(Double.doubleToRawLongBits(special[i]));
        }
    }

    @Test
    void givesBackLongIrregularSeriesWithinAnyBounds() throws Exception {
        Random random = new Random(SEED);
        List<Labels> series = new ArrayList<>();
        List<TreeMap<Long, Double>> model = new ArrayList<>();
        for (int s = 0; s < 5; s++) {
            series.add(Labels.of("__name__", "long", "s", Integer.toString(s)));
            model.add(new TreeMap<>());
        }
        long t = T0;
        double walk = 0;
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < 3000; i++) {
            t += random.nextInt(10) == 0 ? 1 + random.nextInt(20_000) : 1000 + random.nextInt(3);
            batch.clear();
            for (int s = 0; s < series.size(); s++) {
                walk = switch (s) {
                    case 0 -> 1;
                    case 1 -> i;
                    case 2 -> random.nextGaussian();
                    case 3 -> Double.longBitsToDouble(random.nextLong());
                    default -> random.nextInt(5) == 0 ? walk + 0.1 : walk;
                };
                batch.add(series.get(s), t, walk);
                model.get(s).put(t, walk);
            }
            storage.append(batch);
            assertThat(batch.count(AppendResult.OK)).isEqualTo(series.size());
        }
        for (int round = 0; round < 50; round++) {
            long from = T0 + random.nextLong(t - T0);
            long to = from + random.nextLong(t - T0);
            for (int s = 0; s < series.size(); s++) {
                assertThat(text(read(series.get(s), from, to)))
                        .as("seed %d, series %d, %d to %d", SEED, s, from, to)
                        .isEqualTo(text(model.get(s).subMap(from, true, to, true)));
            }
        }
    }

    // --- bounds
    // -----------------------------------------------------------------------------------------------------------------

    @Test
    void includesBothBoundsOfARead() throws Exception {
        Labels a = Labels.of("__name__", "a");
        append(a, T0, 1, T0 + 1, 2, T0 + 2, 3, T0 + 3, 4);
        assertThat(text(read(a, T0 + 1, T0 + 2))).isEqualTo(text(T0 + 1, 2, T0 + 2, 3));
        assertThat(text(read(a, T0 + 2, T0 + 2))).isEqualTo(text(T0 + 2, 3));
        assertThat(read(a, T0 + 4, T0 + 9).size()).isZero();
        assertThat(read(a, T0 - 9, T0 - 1).size()).isZero();
    }

    @Test
    void showsNothingOutsideTheQueriersRange() throws Exception {
        Labels a = Labels.of("__name__", "a");
        append(a, T0, 1, T0 + 1, 2, T0 + 2, 3, T0 + 3, 4);
        try (Querier querier = storage.querier(T0 + 1, T0 + 2)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "a")));
            SampleBuffer buffer = new SampleBuffer();
            set.read(0, T0 + 1, T0 + 2, buffer);
            assertThat(text(buffer)).isEqualTo(text(T0 + 1, 2, T0 + 2, 3));
        }
    }

    @Test
    void clearsTheBufferBeforeEachRead() throws Exception {
        Labels a = Labels.of("__name__", "a");
        append(a, T0, 1);
        try (Querier querier = storage.querier(T0, T0 + 10)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "a")));
            SampleBuffer buffer = new SampleBuffer();
            buffer.add(1, 1);
            set.read(0, T0, T0 + 10, buffer);
            set.read(0, T0, T0 + 10, buffer);
            assertThat(text(buffer)).isEqualTo(text(T0, 1));
        }
    }

    @Test
    void takesUnboundedRanges() throws Exception {
        Labels a = Labels.of("__name__", "a");
        append(a, T0, 1);
        assertThat(text(read(a, Long.MIN_VALUE, Long.MAX_VALUE))).isEqualTo(text(T0, 1));
    }

    // --- select
    // -----------------------------------------------------------------------------------------------------------------

    private void appendShop() throws Exception {
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.of("__name__", "requests", "job", "api", "code", "200"), T0, 1);
        batch.add(Labels.of("__name__", "requests", "job", "api", "code", "500"), T0, 2);
        batch.add(Labels.of("__name__", "requests", "job", "web", "code", "200"), T0, 3);
        batch.add(Labels.of("__name__", "requests", "job", "web"), T0, 4);
        batch.add(Labels.of("__name__", "up", "job", "api"), T0, 5);
        batch.add(Labels.of("zone", "z1"), T0, 6);
        storage.append(batch);
    }

    private List<Integer> shop(Object... typeNameValue) throws Exception {
        Matcher[] matchers = new Matcher[typeNameValue.length / 3];
        for (int i = 0; i < matchers.length; i++) {
            matchers[i] = Matcher.of((Matcher.Type) typeNameValue[3 * i], (String) typeNameValue[3 * i + 1], (String)
                    typeNameValue[3 * i + 2]);
        }
        List<Integer> values = new ArrayList<>();
        try (Querier querier = storage.querier(T0, T0)) {
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
    void selectsByEqualAndNotEqual() throws Exception {
        appendShop();
        assertThat(shop(Matcher.Type.EQUAL, "job", "api")).containsExactly(1, 2, 5);
        assertThat(shop(Matcher.Type.EQUAL, "job", "api", Matcher.Type.NOT_EQUAL, "code", "200"))
                .containsExactly(2, 5);
        assertThat(shop(Matcher.Type.NOT_EQUAL, "job", "api")).containsExactly(3, 4, 6);
        assertThat(shop(Matcher.Type.EQUAL, "job", "nobody")).isEmpty();
        assertThat(shop(Matcher.Type.EQUAL, "nothing", "x")).isEmpty();
    }

    @Test
    void selectsByRegex() throws Exception {
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
    void countsAbsentLabelsAsEmpty() throws Exception {
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
    void selectsByAllMatchersTogether() throws Exception {
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
    void ordersSeriesByLabelsEachOnce() throws Exception {
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
        Collections.shuffle(shuffled, new Random(SEED));
        for (Labels labels : shuffled) {
            append(labels, T0, 1);
            append(labels, T0 + 1000, 2);
        }
        expected.sort(null);
        assertThat(select(T0, T0 + 1000, Matcher.equal("nothing", ""))).isEqualTo(expected);
    }

    @Test
    void keepsAnyTextInLabels() throws Exception {
        Labels odd = Labels.of(
                "__name__",
                "odd metric",
                "quote\"d",
                "back\\slash\nnewline\ttab",
                "emoji",
                "\ud83d\udd25",
                "long",
                "x".repeat(5000));
        append(odd, T0, 1);
        assertThat(select(T0, T0, Matcher.equal("emoji", "\ud83d\udd25"))).containsExactly(odd);
    }

    @Test
    void readsASetWithSeveralThreadsAtOnce() throws Exception {
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < 500; i++) {
            for (int s = 0; s < 20; s++) {
                batch.add(Labels.of("__name__", "a", "s", "s" + (char) ('a' + s)), T0 + i * 1000L, s * 1000 + i);
            }
        }
        storage.append(batch);
        try (Querier querier = storage.querier(T0, T0 + 500_000)) {
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

    // --- label names and values
    // --------------------------------------------------------------------------------------------------

    @Test
    void listsLabelNames() throws Exception {
        appendShop();
        try (Querier querier = storage.querier(T0, T0)) {
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
    void listsLabelValues() throws Exception {
        appendShop();
        try (Querier querier = storage.querier(T0, T0)) {
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

    // --- isolation
    // --------------------------------------------------------------------------------------------------------------

    @Test
    void fixesTheViewWhenTheQuerierIsOpened() throws Exception {
        Labels a = Labels.of("__name__", "a", "i", "1");
        Labels b = Labels.of("__name__", "a", "i", "2");
        append(a, T0, 1);
        try (Querier before = storage.querier(T0, T0 + 1_000_000)) {
            append(a, T0 + 1000, 2);
            append(b, T0 + 1000, 2);
            for (int i = 0; i < 400; i++) {
                append(a, (double) (T0 + 2000 + i), i);
            }
            SeriesSet set = before.select(List.of(Matcher.equal("__name__", "a")));
            SampleBuffer buffer = new SampleBuffer();
            for (int i = 0; i < set.size(); i++) {
                set.read(i, T0, T0 + 1_000_000, buffer);
                assertThat(text(buffer)).isEqualTo(set.labels(i).equals(a) ? text(T0, 1) : "");
            }
            assertThat(set.labels(0)).isEqualTo(a);
        }
        assertThat(read(a, T0, T0 + 1_000_000).size()).isEqualTo(402);
    }

    @Test
    void showsWholeBatchesOnlyWhileAppendsRun() throws Exception {
        int width = 50;
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                SampleBatch batch = new SampleBatch();
                long[] refs = new long[width];
                for (int i = 0; i < 2000; i++) {
                    batch.clear();
                    for (int s = 0; s < width; s++) {
                        batch.add(Labels.of("__name__", "w", "s", Integer.toString(s)), refs[s], T0 + i * 100L, i);
                    }
                    storage.append(batch);
                    for (int s = 0; s < width; s++) {
                        refs[s] = batch.ref(s);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                done.set(true);
            }
        });
        List<CompletableFuture<Integer>> readers = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            readers.add(CompletableFuture.supplyAsync(() -> {
                int rounds = 0;
                try {
                    do {
                        assertWhole(width);
                        rounds++;
                    } while (!done.get());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return rounds;
            }));
        }
        writer.get(100, TimeUnit.SECONDS);
        for (CompletableFuture<Integer> reader : readers) {
            assertThat(reader.get(100, TimeUnit.SECONDS)).isPositive();
        }
        assertThat(read(Labels.of("__name__", "w", "s", "0"), T0, T0 + 1_000_000)
                        .size())
                .isEqualTo(2000);
    }

    private void assertWhole(int width) throws IOException {
        try (Querier querier = storage.querier(T0, Long.MAX_VALUE)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "w")));
            SampleBuffer buffer = new SampleBuffer();
            int size = -1;
            for (int s = 0; s < set.size(); s++) {
                set.read(s, T0, Long.MAX_VALUE, buffer);
                assertThat(size == -1 || size == buffer.size())
                        .as("series %d has %d samples, the first %d", s, buffer.size(), size)
                        .isTrue();
                size = buffer.size();
                for (int i = 0; i < size; i++) {
                    assertThat(buffer.values()[i] == i && buffer.timestampsMs()[i] == T0 + i * 100L)
                            .isTrue();
                }
            }
            assertThat(size <= 0 || set.size() == width).isTrue();
        }
    }

    @Test
    void takesBatchesOfSeveralThreadsAtOnce() throws Exception {
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            String name = "w" + w;
            writers.add(CompletableFuture.runAsync(() -> {
                try {
                    SampleBatch batch = new SampleBatch();
                    for (int i = 0; i < 500; i++) {
                        batch.clear();
                        for (int s = 0; s < 10; s++) {
                            batch.add(
                                    Labels.of("__name__", "m", "s", Integer.toString(s), "w", name), T0 + i * 1000L, i);
                        }
                        storage.append(batch);
                        assertThat(batch.count(AppendResult.OK)).isEqualTo(10);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        for (CompletableFuture<Void> writer : writers) {
            writer.get(100, TimeUnit.SECONDS);
        }
        try (Querier querier = storage.querier(T0, T0 + 500_000)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "m")));
            assertThat(set.size()).isEqualTo(40);
            SampleBuffer buffer = new SampleBuffer();
            for (int s = 0; s < set.size(); s++) {
                set.read(s, T0, T0 + 500_000, buffer);
                assertThat(buffer.size()).isEqualTo(500);
            }
        }
    }

    // --- delete, snapshot, stats
    // ------------------------------------------------------------------------------------------------

    @Test
    void deletesMatchingSamplesWithinInclusiveBounds() throws Exception {
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        append(a, T0, 1, T0 + 1, 2, T0 + 2, 3, T0 + 3, 4);
        append(b, T0 + 1, 5);
        storage.delete(List.of(Matcher.equal("__name__", "a")), T0 + 1, T0 + 2);
        assertThat(samples(a)).isEqualTo(text(T0, 1, T0 + 3, 4));
        assertThat(samples(b)).isEqualTo(text(T0 + 1, 5));
        storage.delete(List.of(Matcher.equal("__name__", "a")), T0 + 3, T0 + 3);
        assertThat(samples(a)).isEqualTo(text(T0, 1));
    }

    @Test
    void takesNewerSamplesAfterADeleteWithoutUpperBound() throws Exception {
        Labels a = Labels.of("__name__", "a");
        append(a, T0, 1, T0 + 1, 2);
        storage.delete(List.of(Matcher.equal("__name__", "a")), Long.MIN_VALUE, Long.MAX_VALUE);
        assertThat(samples(a)).isEmpty();
        assertThat(append(a, T0 + 2, 3)).containsExactly(AppendResult.OK);
        assertThat(samples(a)).isEqualTo(text(T0 + 2, 3));
    }

    @Test
    void writesASnapshotThatOpensOrSaysItCannot() throws Exception {
        Labels a = Labels.of("__name__", "a");
        append(a, T0, 1, T0 + 1, 2);
        Path target = folder.resolve("snapshots/one");
        boolean written;
        try {
            storage.snapshot(target);
            written = true;
        } catch (UnsupportedOperationException e) {
            written = false;
        }
        if (!written) {
            assertThatThrownBy(() -> storage.snapshot(target)).isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        append(a, T0 + 2, 3);
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files).isNotEmpty();
        }
        Storage copy = open(target);
        try (Querier querier = copy.querier(T0, T0 + 10)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "a")));
            SampleBuffer buffer = new SampleBuffer();
            set.read(0, T0, T0 + 10, buffer);
            assertThat(text(buffer)).isEqualTo(text(T0, 1, T0 + 1, 2));
        } finally {
            close(copy);
        }
    }

    @Test
    void tellsItsFigures() throws Exception {
        StorageStats empty = storage.stats();
        assertThat(empty.series()).isZero();
        assertThat(empty.minTimeMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(empty.maxTimeMs()).isEqualTo(Long.MIN_VALUE);
        append(Labels.of("__name__", "a", "job", "x"), T0, 1, T0 + 5, 1);
        append(Labels.of("__name__", "b", "job", "x"), T0 + 7, 1);
        StorageStats stats = storage.stats();
        assertThat(stats.series()).isEqualTo(2);
        assertThat(stats.labelPairs()).isEqualTo(3);
        assertThat(stats.minTimeMs()).isEqualTo(T0);
        assertThat(stats.maxTimeMs()).isEqualTo(T0 + 7);
        assertThat(stats.corruptions()).isZero();
    }

    // --- means
    // ------------------------------------------------------------------------------------------------------------------

    private List<AppendResult> append(Labels labels, double... timesAndValues) throws IOException {
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < timesAndValues.length; i += 2) {
            batch.add(labels, (long) timesAndValues[i], timesAndValues[i + 1]);
        }
        storage.append(batch);
        return results(batch);
    }

    private static List<AppendResult> results(SampleBatch batch) {
        List<AppendResult> results = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            results.add(batch.result(i));
        }
        return results;
    }

    private List<Labels> select(long from, long to, Matcher... matchers) throws IOException {
        List<Labels> found = new ArrayList<>();
        try (Querier querier = storage.querier(from, to)) {
            SeriesSet set = querier.select(List.of(matchers));
            for (int i = 0; i < set.size(); i++) {
                found.add(set.labels(i));
            }
        }
        return found;
    }

    /** The samples of exactly this series; none if it is not selected. */
    private SampleBuffer read(Labels series, long from, long to) throws IOException {
        List<Matcher> matchers = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            matchers.add(Matcher.equal(series.name(i), series.value(i)));
        }
        SampleBuffer buffer = new SampleBuffer();
        try (Querier querier = storage.querier(from, to)) {
            SeriesSet set = querier.select(matchers);
            for (int i = 0; i < set.size(); i++) {
                if (set.labels(i).equals(series)) {
                    set.read(i, from, to, buffer);
                }
            }
        }
        return buffer;
    }

    private String samples(Labels series) throws IOException {
        return text(read(series, T0 - 3_600_000, T0 + 7_200_000));
    }

    private static String text(SampleBuffer buffer) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < buffer.size(); i++) {
            append(out, buffer.timestampsMs()[i], buffer.values()[i]);
        }
        return out.toString();
    }

    private static String text(Map<Long, Double> samples) {
        StringBuilder out = new StringBuilder();
        samples.forEach((t, v) -> append(out, t, v));
        return out.toString();
    }

    private static String text(double... timesAndValues) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < timesAndValues.length; i += 2) {
            append(out, (long) timesAndValues[i], timesAndValues[i + 1]);
        }
        return out.toString();
    }

    private static void append(StringBuilder out, long t, double v) {
        out.append(v).append('@').append(t - T0).append(' ');
    }
}
