package org.narthex.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.narthex.remote.TestRequest.literal;
import static org.narthex.remote.TestRequest.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.MetricType;
import org.narthex.remote.TestRequest.Symbols;

class ReceiverTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final List<String> UP = List.of("__name__", "up", "job", "a");
    private static final List<String> LOAD = List.of("__name__", "load", "job", "a");

    private final RecordingStorage storage = new RecordingStorage();
    private final ReceiverMetrics metrics = new ReceiverMetrics();
    private final Receiver receiver = new Receiver(() -> java.time.Instant.ofEpochMilli(NOW), new Random(1), metrics);

    ReceiverTest() {
        receiver.setStorage(storage);
    }

    private Receiver.Outcome version1(TestRequest request) throws Exception {
        byte[] body = literal(request.bytes());
        return receiver.receive(false, body, body.length);
    }

    private Receiver.Outcome version2(byte[] request) throws Exception {
        byte[] body = literal(request);
        return receiver.receive(true, body, body.length);
    }

    @Test
    void takesSamplesOfVersion1() throws Exception {
        Receiver.Outcome outcome = version1(
                message().series(UP, s -> s.sample(NOW - 1, 1).sample(NOW, 0)).series(LOAD, s -> s.sample(NOW, -0.5)));
        assertThat(outcome).isEqualTo(new Receiver.Outcome(3, 0, 0, ""));
        assertThat(storage.lines)
                .containsExactly(
                        "{__name__=\"up\", job=\"a\"} 1699999999999 1.0",
                        "{__name__=\"up\", job=\"a\"} 1700000000000 0.0",
                        "{__name__=\"load\", job=\"a\"} 1700000000000 -0.5");
    }

    @Test
    void sendsKnownSeriesByReferenceAlone() throws Exception {
        version1(message().series(UP, s -> s.sample(NOW - 1, 1)));
        version1(message().series(LOAD, s -> s.sample(NOW, 3)).series(UP, s -> s.sample(NOW, 2)));
        assertThat(storage.lines.subList(1, 3))
                .containsExactly(
                        "{__name__=\"load\", job=\"a\"} 1700000000000 3.0",
                        "#1 {__name__=\"up\", job=\"a\"} 1700000000000 2.0");
        assertThat(receiver.knownSeries()).isEqualTo(2);
    }

    @Test
    void appendsAgainWithLabelsWhatTheStorageHasForgotten() throws Exception {
        Histogram histogram = Histogram.ofIntegers(
                ResetHint.UNKNOWN,
                0,
                0,
                0,
                3,
                1,
                new int[] {0, 1},
                new long[] {3},
                new int[0],
                new long[0],
                new double[0]);
        TestRequest request = message()
                .series(UP, s -> s.sample(NOW - 1, 1)
                        .sample(NOW, 2)
                        .part(3, e -> e.labels(List.of("id", "x")).doubled(2, 7).varint(3, NOW)))
                .series(LOAD, s -> s.part(4, h -> h.histogram(histogram, NOW)));
        version1(request);
        storage.forgetSeries();
        assertThat(version1(request)).isEqualTo(new Receiver.Outcome(2, 1, 1, ""));
        assertThat(storage.lines.subList(4, 8)).isEqualTo(storage.lines.subList(0, 4));
        assertThat(version1(request)).isEqualTo(new Receiver.Outcome(2, 1, 1, ""));
        assertThat(storage.lines.get(8)).startsWith("#");
    }

    @Test
    void forgetsReferencesWithTheStorage() throws Exception {
        version1(message().series(UP, s -> s.sample(NOW, 1)));
        RecordingStorage other = new RecordingStorage();
        receiver.setStorage(other);
        receiver.unsetStorage(storage);
        version1(message().series(UP, s -> s.sample(NOW, 1)));
        assertThat(other.lines).containsExactly("{__name__=\"up\", job=\"a\"} 1700000000000 1.0");
    }

    @Test
    void sortsLabelsAndLeavesOutEmptyOnes() throws Exception {
        version1(message().series(List.of("job", "a", "empty", "", "__name__", "up"), s -> s.sample(NOW, 1)));
        assertThat(storage.lines).containsExactly("{__name__=\"up\", job=\"a\"} 1700000000000 1.0");
    }

    @Test
    void findsLabelsWhereverTheyStand() throws Exception {
        TestRequest scattered = message().part(1, s -> s.sample(NOW - 1, 1)
                .labels(List.of("__name__", "up"))
                .sample(NOW, 2)
                .labels(List.of("job", "a")));
        version1(scattered);
        version1(message().series(UP, s -> s.sample(NOW, 2)));
        assertThat(storage.lines)
                .containsExactly(
                        "{__name__=\"up\", job=\"a\"} 1699999999999 1.0",
                        "{__name__=\"up\", job=\"a\"} 1700000000000 2.0",
                        "#1 {__name__=\"up\", job=\"a\"} 1700000000000 2.0");
    }

    @Test
    void passesOverInvalidLabelsOfVersion1InSilence() throws Exception {
        Receiver.Outcome outcome = version1(message()
                .series(List.of("job", "nameless"), s -> s.sample(NOW, 1))
                .series(List.of("__name__", "x", "", "empty name"), s -> s.sample(NOW, 1))
                .series(List.of("__name__", "x", "a", "1", "a", "2"), s -> s.sample(NOW, 1))
                .part(1, s -> s.part(1, l -> l.text(1, "__name__").bytes(2, new byte[] {(byte) 0xff}))
                        .sample(NOW, 1))
                .series(UP, s -> s.sample(NOW, 1)));
        assertThat(outcome).isEqualTo(new Receiver.Outcome(1, 0, 0, ""));
        assertThat(storage.lines).hasSize(1);
        Map<String, Double> counted = new HashMap<>();
        metrics.collect(new CountingSink(counted), 0);
        assertThat(counted).containsEntry("prometheus_api_remote_write_invalid_labels_samples_total", 4.0);
    }

    @Test
    void saysWhatIsWrongWithLabelsOfVersion2AndKeepsTheRest() throws Exception {
        Symbols symbols = new Symbols();
        TestRequest series = message()
                .part(5, s -> {
                    symbols.refs(s, List.of("job", "nameless"));
                    s.sample(NOW, 1);
                })
                .part(5, s -> {
                    symbols.refs(s, List.of("__name__", "x", "a", "1", "a", "2"));
                    s.sample(NOW, 1);
                })
                .part(5, s -> s.bytes(1, new byte[] {1, 99}).sample(NOW, 1))
                .part(5, s -> s.bytes(1, new byte[] {1}).sample(NOW, 1))
                .part(5, s -> symbols.refs(s, UP))
                .part(5, s -> {
                    symbols.refs(s, LOAD);
                    s.sample(NOW, 1);
                });
        Receiver.Outcome outcome = version2(symbols.request(series));
        assertThat(outcome.samples()).isEqualTo(1);
        assertThat(outcome.errors().lines())
                .containsExactly(
                        "invalid metric name or labels, got {job=\"nameless\"}",
                        "invalid labels for series, labels {__name__=\"x\", a=\"1\", a=\"2\"}, duplicated label a",
                        "labelRefs 0 (value) = 99 outside of symbols table (size 10)",
                        "invalid labelRefs length 1",
                        "TimeSeries must contain at least one sample or histogram for series {__name__=\"up\", job=\"a\"}");
    }

    @Test
    void takesEverythingOfVersion2() throws Exception {
        Symbols symbols = new Symbols();
        Histogram histogram = Histogram.ofFloats(
                ResetHint.GAUGE,
                Histogram.CUSTOM_BUCKETS,
                0,
                0,
                5,
                2.5,
                new int[] {0, 2},
                new double[] {2, 3},
                new int[0],
                new double[0],
                new double[] {1, 2});
        TestRequest series = message()
                .part(5, s -> {
                    symbols.refs(s, UP);
                    s.part(2, p -> p.doubled(1, 4).varint(2, NOW).varint(3, NOW - 1000));
                    s.part(4, e -> {
                        symbols.refs(e, List.of("id", "x"));
                        e.doubled(2, 7).varint(3, NOW);
                    });
                    s.part(5, m -> m.varint(1, 1)
                            .varint(3, symbols.number("Help."))
                            .varint(4, symbols.number("s")));
                })
                .part(5, s -> {
                    symbols.refs(s, LOAD);
                    s.part(3, h -> h.histogram(histogram, NOW).varint(17, NOW - 5));
                });
        byte[] request = symbols.request(series);
        assertThat(version2(request)).isEqualTo(new Receiver.Outcome(1, 1, 1, ""));
        assertThat(storage.lines)
                .containsExactly(
                        "{__name__=\"up\", job=\"a\"} 1700000000000 4.0 since 1699999999000",
                        "{__name__=\"load\", job=\"a\"} 1700000000000 " + histogram + " since 1699999999995",
                        "exemplar {__name__=\"up\", job=\"a\"} " + new Exemplar(Labels.of("id", "x"), 7, NOW),
                        "metadata {__name__=\"up\", job=\"a\"} " + new Metadata(MetricType.COUNTER, "s", "Help."));
        assertThat(storage.histograms).containsExactly(histogram);
        version2(request);
        assertThat(storage.lines.subList(4, storage.lines.size()))
                .as("metadata is told once")
                .noneMatch(line -> line.startsWith("metadata"))
                .anyMatch(line -> line.startsWith("#1 "));
    }

    @Test
    void takesMetadataOfVersion1Once() throws Exception {
        TestRequest request = message()
                .part(3, m -> m.varint(1, 2).text(2, "up").text(4, "Help.").text(5, ""));
        version1(request);
        version1(request);
        assertThat(storage.lines)
                .containsExactly("metadata {__name__=\"up\"} " + new Metadata(MetricType.GAUGE, "", "Help."));
    }

    @Test
    void metadataThatLooksLikeLabelsIsNoSeries() throws Exception {
        byte[] labels = message().labels(UP).bytes();
        version1(
                message().bytes(3, message().labels(UP).text(2, "trap").bytes()).bytes(3, labels));
        version1(message().series(UP, s -> s.sample(NOW, 1)));
        assertThat(storage.lines).contains("{__name__=\"up\", job=\"a\"} 1700000000000 1.0");
    }

    @Test
    void refusesWhatTheStorageRefusesAndKeepsTheRest() throws Exception {
        storage.newestMs = NOW - 10;
        Receiver.Outcome outcome = version1(message()
                .series(UP, s -> s.sample(NOW - 20, 1).sample(NOW - 10, 1).sample(NOW, 1))
                .series(LOAD, s -> s.sample(NOW + 600_001, 1).sample(NOW + 600_000, 1)));
        assertThat(outcome.samples()).isEqualTo(2);
        assertThat(outcome.errors().lines())
                .containsExactlyInAnyOrder(
                        "out of order sample for series {__name__=\"up\", job=\"a\"}",
                        "duplicate sample for timestamp for series {__name__=\"up\", job=\"a\"}",
                        "out of bounds: timestamp is too far in the future for series {__name__=\"load\", job=\"a\"}");
    }

    @Test
    void namesARefusedSeriesThatCameByReference() throws Exception {
        version1(message().series(UP, s -> s.sample(NOW, 1)));
        storage.newestMs = NOW + 1;
        assertThat(version1(message().series(UP, s -> s.sample(NOW, 1))).errors())
                .isEqualTo("out of order sample for series {__name__=\"up\", job=\"a\"}");
    }

    @Test
    void listsAFewOfManyErrors() throws Exception {
        storage.newestMs = NOW + 1;
        TestRequest request = message();
        for (int i = 0; i < 1000; i++) {
            request.series(UP, s -> s.sample(NOW, 1));
        }
        assertThat(version1(request).errors().lines()).hasSize(33).endsWith("and 968 more");
    }

    @Test
    void refusesAHistogramThatContradictsItself() throws Exception {
        Histogram wrong = Histogram.ofIntegers(
                ResetHint.UNKNOWN,
                0,
                0,
                0,
                4,
                1,
                new int[] {0, 1},
                new long[] {3},
                new int[0],
                new long[0],
                new double[0]);
        assertThat(version1(message().series(UP, s -> s.part(4, h -> h.histogram(wrong, NOW))))
                        .errors())
                .isEqualTo(
                        "invalid histogram: 3 observations in buckets, but the count is 4 for series {__name__=\"up\", job=\"a\"}");
    }

    @Test
    void failsForALaterTryWithoutAStorage() throws Exception {
        receiver.unsetStorage(storage);
        assertThatThrownBy(() -> version1(message().series(UP, s -> s.sample(NOW, 1))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no storage");
        receiver.setStorage(storage);
        storage.failure = new IOException("disk full");
        assertThatThrownBy(() -> version1(message().series(UP, s -> s.sample(NOW, 1))))
                .hasMessage("disk full");
        storage.failure = null;
        assertThat(version1(message().series(UP, s -> s.sample(NOW, 1))).samples())
                .isEqualTo(1);
        assertThat(storage.lines).hasSize(1);
    }

    @Test
    void saysWhereARequestIsBroken() {
        assertThatThrownBy(() -> version1(message().raw(0x0a).raw(5).raw(1)))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("malformed protobuf at byte 2: a part of 5 bytes where 1 are left");
        assertThatThrownBy(() -> version1(message().raw(0x0b)))
                .hasMessage("malformed protobuf at byte 1: field 1 has the wire type 3");
        assertThatThrownBy(() -> receiver.receive(false, new byte[] {5, 0}, 2))
                .hasMessageStartingWith("snappy: corrupt input at byte ");
        assertThat(storage.lines).isEmpty();
    }

    @Test
    void readsRandomRequestsOfBothVersions() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            Symbols symbols = new Symbols();
            TestRequest first = message();
            TestRequest second = message();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String job = "job " + random.nextInt(30) + "é".repeat(random.nextInt(3));
                List<String> labels = List.of("__name__", "m" + random.nextInt(5), "job", job);
                long t = NOW - random.nextInt(1 << random.nextInt(30));
                double v = Double.longBitsToDouble(random.nextLong());
                first.series(labels, s -> s.sample(t, v));
                second.part(5, s -> {
                    symbols.refs(s, labels);
                    s.sample(t, v);
                });
                expected.add(Labels.of(labels.toArray(new String[0])) + " " + t + " " + v);
            }
            storage.lines.clear();
            assertThat(version1(first).samples()).as("seed %d", seed).isEqualTo(20);
            assertThat(version2(symbols.request(second)).samples()).isEqualTo(20);
            List<String> got = storage.lines.stream()
                    .map(line -> line.replaceFirst("^#\\d+ ", ""))
                    .toList();
            List<String> both = new ArrayList<>(expected);
            both.addAll(expected);
            assertThat(got).as("seed %d", seed).containsExactlyElementsOf(both);
        }
    }

    @Test
    void refusesBrokenRequestsAndNothingElse() throws Exception {
        Symbols symbols = new Symbols();
        TestRequest series = message();
        TestRequest first = message();
        Histogram histogram = Histogram.ofIntegers(
                ResetHint.UNKNOWN,
                0,
                0,
                0,
                3,
                1,
                new int[] {0, 1},
                new long[] {3},
                new int[0],
                new long[0],
                new double[0]);
        for (int i = 0; i < 5; i++) {
            List<String> labels = List.of("__name__", "m" + i, "job", "a");
            first.series(labels, s -> s.sample(NOW, 1)
                    .part(4, h -> h.histogram(histogram, NOW))
                    .part(3, e -> e.labels(UP).doubled(2, 1).varint(3, NOW)));
            series.part(5, s -> {
                symbols.refs(s, labels);
                s.sample(NOW, 1).part(3, h -> h.histogram(histogram, NOW));
                s.part(5, m -> m.varint(1, 1).varint(3, symbols.number("Help.")));
            });
        }
        byte[][] good = {literal(first.bytes()), literal(symbols.request(series))};
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] body = good[round % 2].clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(5) == 0 ? random.nextInt(body.length) : body.length;
            try {
                receiver.receive(round % 2 == 1, body, length);
            } catch (BadRequestException e) {
                refused++;
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }
}
