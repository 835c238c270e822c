package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import jakarta.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.SampleBatch;

/** Pages in protobuf taken in without a network. */
class ProtobufScrapeTest {
    private static final long COUNTER = 0;
    private static final long GAUGE = 1;
    private static final long SUMMARY = 2;
    private static final long HISTOGRAM = 4;
    private static final long GAUGE_HISTOGRAM = 5;
    private static final long START = 1_600_000_000_123L;

    private final RecordingStorage storage = new RecordingStorage();
    private final StorageHandle handle = new StorageHandle(storage);
    private final TestConfig config = new TestConfig("j");
    private Features features = Features.NONE;
    private HistogramModes modes = HistogramModes.CLASSIC;
    private Intake intake;
    private TargetSeries series;
    private long nowMs = 1_700_000_000_000L;

    /** Scrapes once more; the error, or empty. */
    private String scrape(byte[] page) {
        if (series == null) {
            Target target = new Target(Labels.EMPTY, Labels.EMPTY, Labels.of("job", "j"), "", "", modes, 10_000, 5_000);
            series = new TargetSeries(target, config.build(), false);
            intake = new Intake(new ScrapeMetrics(), features);
        }
        nowMs += 10_000;
        intake.begin(series, handle, nowMs);
        String error = "";
        try {
            intake.page(Conformance.roomy(page), page.length, ContentType.Format.PROTOBUF);
        } catch (ScrapeException e) {
            error = e.getMessage();
        }
        intake.report(error.isEmpty(), 0, 0);
        intake.append(new HandOverQueue(() -> Optional.of(handle), 1_000_000));
        return error;
    }

    /** What the last scrape brought: {@code name{le}=value}, {@code name=histogram}. */
    private List<String> brought() {
        SampleBatch batch = storage.last();
        List<String> samples = new ArrayList<>();
        for (int i = 0; i < batch.size() - 5; i++) {
            Labels labels = batch.labels(i).without("job");
            String what = batch.histogram(i) == null ? String.valueOf(batch.value(i)) : "histogram";
            samples.add(labels.metricName()
                    + (labels.size() == 1
                            ? ""
                            : labels.without(Labels.METRIC_NAME).toMap().toString()) + "=" + what);
        }
        return samples;
    }

    private Histogram histogram(String name) {
        SampleBatch batch = storage.last();
        for (int i = 0; i < batch.size(); i++) {
            if (batch.labels(i).metricName().equals(name) && batch.histogram(i) != null) {
                return batch.histogram(i);
            }
        }
        throw new AssertionError("no histogram " + name + " in " + brought());
    }

    private static Message family(String name, long type, Message... metrics) {
        Message family = new Message().text(1, name).text(2, "Help.").number(3, type);
        for (Message metric : metrics) {
            family.message(4, metric);
        }
        return family;
    }

    private static Message classicBuckets(Message histogram) {
        return histogram
                .message(3, new Message().number(1, 2).real(2, 0.5))
                .message(3, new Message().number(1, 6).real(2, 1));
    }

    /** Observations in the buckets 0, 1 and 3 of schema 0, one more in the zero bucket. */
    private static Message nativeBuckets(Message histogram) {
        return histogram
                .zigzag(5, 0)
                .real(6, 0.001)
                .number(7, 1)
                .message(12, new Message().zigzag(1, 0).number(2, 2))
                .message(12, new Message().zigzag(1, 1).number(2, 1))
                .zigzag(13, 1)
                .zigzag(13, 1)
                .zigzag(13, 1);
    }

    private static Message counted() {
        return new Message().number(1, 7).real(2, 18.5);
    }

    private static byte[] page(long type, Message histogram) {
        return Message.page(family("h", type, new Message().message(7, histogram)));
    }

    @Test
    void readsCountersGaugesAndSummaries() {
        byte[] page = Message.page(
                family(
                        "c_total",
                        COUNTER,
                        new Message().label(1, "a", "1").message(3, new Message().real(1, 5)),
                        new Message().label(1, "a", "2").message(3, new Message().real(1, 6))),
                family("empty", COUNTER),
                family("g", GAUGE, new Message().message(2, new Message().real(1, -1))),
                family("u", 3, new Message().message(5, new Message().real(1, 2))),
                family(
                        "s",
                        SUMMARY,
                        new Message()
                                .message(
                                        4,
                                        new Message()
                                                .number(1, 3)
                                                .real(2, 1.5)
                                                .message(
                                                        3,
                                                        new Message()
                                                                .real(1, 0.5)
                                                                .real(2, 0.25))
                                                .message(
                                                        3,
                                                        new Message().real(1, 1).real(2, Double.NaN)))));
        List<String> wanted = List.of(
                "c_total{a=1}=5.0",
                "c_total{a=2}=6.0",
                "g=-1.0",
                "u=2.0",
                "s_count=3.0",
                "s_sum=1.5",
                "s{quantile=0.5}=0.25",
                "s{quantile=1.0}=NaN");
        assertThat(scrape(page)).isEmpty();
        assertThat(brought()).isEqualTo(wanted);
        int resolved = storage.resolvedByLabels();
        scrape(page);
        assertThat(brought()).isEqualTo(wanted);
        assertThat(storage.resolvedByLabels()).isEqualTo(resolved);
        assertThat(series.families().size()).isEqualTo(4);
    }

    @Test
    void takesTimesExemplarsAndStarts() {
        features = new Features(false, true, false, false, false, false);
        Message exemplar = new Message().label(1, "trace", "x").real(2, 0.5).time(3, START + 5);
        Message counter = new Message().real(1, 5).message(2, exemplar).time(3, START);
        assertThat(scrape(Message.page(
                        family("c", COUNTER, new Message().message(3, counter).number(6, START + 1000)))))
                .isEmpty();
        SampleBatch batch = storage.last();
        assertThat(batch.timestampMs(0)).isEqualTo(START + 1000);
        assertThat(batch.startTimestampMs(0)).isEqualTo(START);
        assertThat(batch.exemplars()).hasSize(1);
        assertThat(batch.exemplars().get(0).exemplar())
                .isEqualTo(new Exemplar(Labels.of("trace", "x"), 0.5, START + 5));
    }

    @Test
    void writesTheZeroAtWhichACounterBegan() {
        features = new Features(true, false, false, false, false, false);
        byte[] page = Message.page(family(
                "c", COUNTER, new Message().message(3, new Message().real(1, 5).time(3, START))));
        scrape(page);
        assertThat(brought()).containsExactly("c=0.0", "c=5.0");
        assertThat(storage.last().timestampMs(0)).isEqualTo(START);
        scrape(page);
        assertThat(brought()).containsExactly("c=5.0");
        scrape(Message.page(family(
                "c", COUNTER, new Message().message(3, new Message().real(1, 1).time(3, nowMs + 5_000)))));
        assertThat(brought()).containsExactly("c=0.0", "c=1.0");
    }

    @Test
    void takesTheFormsOfHistogramsThatAreAskedFor() throws Exception {
        int rows = 0;
        for (JsonObject row : Conformance.json("scrape/histogram-modes.json")
                .getJsonArray("rows")
                .getValuesAs(JsonObject.class)) {
            series = null;
            modes = new HistogramModes(
                    true,
                    row.getBoolean("always_scrape_classic_histograms"),
                    row.getBoolean("convert_classic_histograms_to_nhcb"));
            String exposed = row.getString("exposed");
            Message histogram = counted();
            if (exposed.contains("classic")) {
                classicBuckets(histogram);
            }
            if (exposed.contains("exponential")) {
                nativeBuckets(histogram);
            }
            assertThat(scrape(page(HISTOGRAM, histogram))).isEmpty();
            List<String> wanted = new ArrayList<>();
            if (row.getBoolean("expect_exponential") || row.getBoolean("expect_nhcb")) {
                wanted.add("h=histogram");
                assertThat(histogram("h").hasCustomBuckets())
                        .as(row.toString())
                        .isEqualTo(row.getBoolean("expect_nhcb"));
            }
            if (row.getBoolean("expect_classic")) {
                wanted.addAll(List.of(
                        "h_count=7.0",
                        "h_sum=18.5",
                        "h_bucket{le=0.5}=2.0",
                        "h_bucket{le=1.0}=6.0",
                        "h_bucket{le=+Inf}=7.0"));
            }
            assertThat(brought()).as(row.toString()).containsExactlyInAnyOrderElementsOf(wanted);
            rows++;
        }
        assertThat(rows).isEqualTo(12);
    }

    @Test
    void readsNativeHistogramsOfWholeNumbers() {
        modes = new HistogramModes(true, false, false);
        scrape(page(HISTOGRAM, nativeBuckets(counted())));
        Histogram read = histogram("h");
        assertThat(read)
                .isEqualTo(Histogram.ofIntegers(
                        Histogram.ResetHint.UNKNOWN,
                        0,
                        0.001,
                        1,
                        7,
                        18.5,
                        new int[] {0, 2, 1, 1},
                        new long[] {1, 2, 3},
                        new int[0],
                        new long[0],
                        new double[0]));
        scrape(Message.page());
        assertThat(histogram("h").isStale()).isTrue();
        assertThat(histogram("h").isFloat()).isFalse();
    }

    @Test
    void readsNativeHistogramsOfFloats() {
        modes = new HistogramModes(true, false, false);
        scrape(page(
                GAUGE_HISTOGRAM,
                new Message()
                        .real(4, 2.5)
                        .real(2, -3)
                        .zigzag(5, 3)
                        .message(9, new Message().zigzag(1, -2).number(2, 1))
                        .real(11, 2.5)));
        assertThat(histogram("h"))
                .isEqualTo(Histogram.ofFloats(
                        Histogram.ResetHint.GAUGE,
                        3,
                        0,
                        0,
                        2.5,
                        -3,
                        new int[0],
                        new double[0],
                        new int[] {-2, 1},
                        new double[] {2.5},
                        new double[0]));
        scrape(Message.page());
        assertThat(histogram("h").isStale()).isTrue();
        assertThat(histogram("h").isFloat()).isTrue();
    }

    @Test
    void keepsTheExemplarsOfNativeHistogramsThatHaveATime() {
        modes = new HistogramModes(true, false, false);
        scrape(page(
                HISTOGRAM,
                nativeBuckets(counted())
                        .message(16, new Message().label(1, "t", "2").real(2, 2).time(3, START + 2))
                        .message(16, new Message().label(1, "t", "0").real(2, 0))
                        .message(16, new Message().label(1, "t", "1").real(2, 1).time(3, START + 1))));
        assertThat(storage.last().exemplars())
                .extracting(SampleBatch.ExemplarEntry::exemplar)
                .containsExactly(
                        new Exemplar(Labels.of("t", "1"), 1, START + 1),
                        new Exemplar(Labels.of("t", "2"), 2, START + 2));
    }

    @Test
    void givesANativeHistogramTheClassicFormIfThatIsAll() {
        scrape(page(HISTOGRAM, nativeBuckets(counted())));
        assertThat(brought()).containsExactly("h_count=7.0", "h_sum=18.5", "h_bucket{le=+Inf}=7.0");
    }

    @Test
    void makesHistogramsCoarserUntilTheyFit() {
        modes = new HistogramModes(true, false, false);
        config.limits = new ScrapeConfig.Limits(0, 0, 0, 0, 0, 0, 0, 2, 0);
        assertThat(scrape(page(HISTOGRAM, nativeBuckets(counted())))).isEmpty();
        assertThat(histogram("h").schema()).isEqualTo(-2);
        assertThat(histogram("h").count()).isEqualTo(7);

        series = null;
        config.limits = new ScrapeConfig.Limits(0, 0, 0, 0, 0, 0, 0, 1, 0);
        assertThat(scrape(page(
                        HISTOGRAM,
                        nativeBuckets(counted())
                                .message(9, new Message().zigzag(1, 5).number(2, 1))
                                .zigzag(10, 0))))
                .isEqualTo("histogram bucket limit exceeded");
        assertThat(storage.values("__name__", "up", "job", "j")).endsWith("0.0");
        assertThat(scrape(Message.page(
                        family(
                                "h",
                                HISTOGRAM,
                                new Message()
                                        .message(
                                                7,
                                                nativeBuckets(counted())
                                                        .message(
                                                                9,
                                                                new Message()
                                                                        .zigzag(1, 5)
                                                                        .number(2, 1))
                                                        .zigzag(10, 0))),
                        family("g", GAUGE, new Message().message(2, new Message().real(1, 1))))))
                .isEqualTo("histogram bucket limit exceeded");
        assertThat(storage.values("__name__", "scrape_samples_scraped", "job", "j"))
                .as("what comes after it counts too")
                .endsWith("2.0");

        series = null;
        config.limits = new ScrapeConfig.Limits(0, 0, 0, 0, 0, 0, 0, 0, 3);
        assertThat(scrape(page(HISTOGRAM, nativeBuckets(counted())))).isEmpty();
        assertThat(histogram("h").schema()).isEqualTo(-1);
    }

    @Test
    void refusesWhatIsNoMessage() {
        assertThat(scrape(new byte[] {5, 1})).startsWith("byte 1: a length of 5 bytes, where 1 are left");
        assertThat(scrape(Message.page(family("x", 9, new Message())))).contains("unknown metric type");
        assertThat(scrape(Message.page(family("", GAUGE, new Message())))).contains("invalid metric name");
        assertThat(scrape(Message.page(new Message()
                        .bytes(1, new byte[] {(byte) 0xff})
                        .number(3, GAUGE)
                        .message(4, new Message()))))
                .contains("invalid metric name");
        assertThat(scrape(Message.page(family(
                        "x",
                        GAUGE,
                        new Message().message(1, new Message().text(1, "l").bytes(2, new byte[] {(byte) 0xc0}))))))
                .contains("invalid label value of metric x");
        assertThat(scrape(Message.page(family("x", GAUGE, new Message()).text(5, "seconds"))))
                .contains("unit \"seconds\" not a suffix of metric \"x\"");
        modes = new HistogramModes(true, false, false);
        series = null;
        assertThat(scrape(page(HISTOGRAM, nativeBuckets(new Message().number(1, 3)))))
                .startsWith("invalid histogram: 7 observations in buckets, but the count is 3");
    }
}
