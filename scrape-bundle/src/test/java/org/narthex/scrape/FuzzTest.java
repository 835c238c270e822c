package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.SampleBatch;
import org.narthex.testkit.Damage;

/**
 * Damaged pages of all formats, with everything turned on: each is either taken or refused with a reason, twice in the same way, and what is taken may
 * be stored. The seed is in the message of a failure; {@code -Dfuzz.seed} and {@code -Dfuzz.rounds} repeat or prolong a run.
 */
class FuzzTest {
    private static final int ROUNDS = Damage.rounds(4_000);
    private static final Features ALL = new Features(true, true, true, true, true, false);

    private static final String TEXT = """
            # HELP a_total Some \\\\ help \\n here.
            # TYPE a_total counter
            a_total{x="1",y="\\"q\\" \\\\ \\n"} 17 1520879607789
            a_total{x="2", } 1.5e-3
            {"utf.8","la bel"="\u00e4\u20ac\ud83d\ude00"} NaN
            # TYPE h histogram
            h_bucket{le="0.5"} 1
            h_bucket{le="1"} 3
            h_bucket{le="+Inf"} 4
            h_sum 17.25
            h_count 4
            # TYPE s summary
            s{quantile="0.9"} +Inf
            s_sum -0
            s_count 18446744073709551615
            plain\t12345678901234567890.123 0
            """;

    private static final String OPENMETRICS = """
            # HELP foo Counts \\"things\\".
            # TYPE foo counter
            # UNIT foo_seconds seconds
            foo_total{a="b"} 17.0 1520879607.789 # {id="counter-test",t="\u00e4"} 5 1520879607.1
            foo_created{a="b"} 1520872607.123
            # TYPE baz histogram
            baz_bucket{le="0.0"} 0 # {id="x"} -1
            baz_bucket{le="+Inf"} 17
            baz_count 17
            baz_sum 324789.3
            baz_created 1520872609.125
            # TYPE bar summary
            bar_count 17
            bar{quantile="0.95"} 1e9
            bar_created 1520872608.124
            # TYPE gh gaugehistogram
            gh_bucket{le="+Inf"} 1
            {"q.name","l"="v"} 1
            # TYPE i info
            i_info{v="1"} 1
            # EOF
            """;

    private static byte[] protobuf() {
        Message exemplar = new Message().label(1, "t", "1").real(2, 2).time(3, 1_600_000_000_000L);
        Message histogram = new Message()
                .number(1, 7)
                .real(2, 18.5)
                .message(3, new Message().number(1, 2).real(2, 0.5).message(3, exemplar))
                .message(3, new Message().number(1, 6).real(2, 1))
                .zigzag(5, 3)
                .real(6, 0.001)
                .number(7, 1)
                .message(9, new Message().zigzag(1, 5).number(2, 1))
                .zigzag(10, 1)
                .message(12, new Message().zigzag(1, -3).number(2, 2))
                .zigzag(13, 2)
                .zigzag(13, 1)
                .time(15, 1_500_000_000_000L)
                .message(16, exemplar);
        return Message.page(
                new Message()
                        .text(1, "c_total")
                        .text(2, "Help.")
                        .number(3, 0)
                        .message(
                                4,
                                new Message()
                                        .label(1, "a", "\u00e4")
                                        .label(1, "b", "2")
                                        .message(
                                                3,
                                                new Message()
                                                        .real(1, 5)
                                                        .message(2, exemplar)
                                                        .time(3, 5))
                                        .number(6, 1_600_000_000_000L)),
                new Message()
                        .text(1, "h_seconds")
                        .number(3, 4)
                        .text(5, "seconds")
                        .message(4, new Message().label(1, "x", "y").message(7, histogram)),
                new Message()
                        .text(1, "s")
                        .number(3, 2)
                        .message(
                                4,
                                new Message()
                                        .message(
                                                4,
                                                new Message()
                                                        .number(1, 3)
                                                        .real(2, 1)
                                                        .message(
                                                                3,
                                                                new Message()
                                                                        .real(1, 0.5)
                                                                        .real(2, 1)))));
    }

    @Test
    void textIsTakenOrRefused() {
        fuzz(ContentType.Format.TEXT, TEXT.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void openMetricsIsTakenOrRefused() {
        fuzz(ContentType.Format.OPENMETRICS, OPENMETRICS.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void protobufIsTakenOrRefused() {
        fuzz(ContentType.Format.PROTOBUF, protobuf());
    }

    private static void fuzz(ContentType.Format format, byte[] sound) {
        Random random = new Random(Damage.seed());
        Damage damage = new Damage(random);
        int taken = 0;
        Setting setting = new Setting(random);
        assertThat(setting.scrape(sound, format)).as("the page that is damaged").isEmpty();
        for (int round = 0; round < ROUNDS; round++) {
            if (round % 50 == 0) {
                setting = new Setting(random);
            }
            byte[] page = damage.of(sound);
            String what = format + ", seed " + Damage.seed() + ", round " + round + ": " + Arrays.toString(page);
            try {
                String first = setting.scrape(page, format);
                String second = setting.scrape(page, format);
                assertThat(second).as(what).isEqualTo(first);
                taken += first.isEmpty() ? 1 : 0;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(what, e);
            }
        }
        assertThat(taken).as("some damage does not show").isBetween(1, ROUNDS - 1);
    }

    /** A target whose series are remembered from page to page. */
    private static final class Setting {
        private final RecordingStorage storage = new RecordingStorage();
        private final StorageHandle handle = new StorageHandle(storage);
        private final HandOverQueue queue = new HandOverQueue(() -> Optional.of(handle), 1_000_000);
        private final Intake intake = new Intake(new ScrapeMetrics(), ALL);
        private final TargetSeries series;
        private long nowMs = 1_700_000_000_000L;

        Setting(Random random) {
            HistogramModes modes = new HistogramModes(true, random.nextBoolean(), random.nextBoolean());
            TestConfig config = new TestConfig("j");
            config.honorLabels = random.nextBoolean();
            config.trackTimestamps = random.nextBoolean();
            series = new TargetSeries(
                    new Target(Labels.EMPTY, Labels.EMPTY, Labels.of("job", "j"), "", "", modes, 10_000, 5_000),
                    config.build(),
                    false);
        }

        /** The error, or empty. */
        String scrape(byte[] page, ContentType.Format format) {
            nowMs += 10_000;
            intake.begin(series, handle, nowMs);
            String error = "";
            try {
                intake.page(Conformance.roomy(page), page.length, format);
            } catch (ScrapeException e) {
                error = e.getMessage();
                assertThat(error).isNotBlank();
            }
            intake.report(error.isEmpty(), 0, 0);
            intake.append(queue);
            check(storage.last());
            return error;
        }

        private static void check(SampleBatch batch) {
            for (int i = 0; i < batch.size(); i++) {
                assertThat(batch.labels(i).metricName()).isNotEmpty();
                if (batch.histogram(i) != null && !batch.histogram(i).isStale()) {
                    assertThat(batch.histogram(i).problem()).isEmpty();
                }
            }
        }
    }
}
