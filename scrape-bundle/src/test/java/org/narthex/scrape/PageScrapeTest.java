package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.HandOverQueue;

/** Pages of text taken in without a network: timestamps, spellings, normal forms. */
class PageScrapeTest {
    private static final Target TARGET = new Target(
            Labels.EMPTY,
            Labels.EMPTY,
            Labels.of("job", "j"),
            "http://x/metrics",
            "",
            HistogramModes.CLASSIC,
            10_000,
            5_000);

    private final RecordingStorage storage = new RecordingStorage();
    private final StorageHandle handle = new StorageHandle(storage);
    private final HandOverQueue queue = new HandOverQueue(() -> Optional.of(handle), 1_000_000);
    private final Intake intake = new Intake(new ScrapeMetrics(), Features.NONE);
    private TestConfig config = new TestConfig("j");
    private TargetSeries series;
    private long nowMs = 100_000;

    private String scrape(String page) {
        if (series == null) {
            series = new TargetSeries(TARGET, config.build(), false);
        }
        byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
        byte[] buffer = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, buffer, 0, bytes.length);
        nowMs += 10_000;
        intake.begin(series, handle, nowMs);
        String error = "";
        try {
            intake.page(buffer, bytes.length, ContentType.Format.TEXT);
        } catch (ScrapeException e) {
            error = e.getMessage();
        }
        intake.report(error.isEmpty(), 0.1, bytes.length);
        intake.append(queue);
        return error;
    }

    @Test
    void keepsTheTimesATargetGives() {
        assertThat(scrape("a 1 50000\nb 2\n")).isEmpty();
        assertThat(storage.times("__name__", "a", "job", "j")).containsExactly(50_000L);
        assertThat(storage.times("__name__", "b", "job", "j")).containsExactly(110_000L);
        scrape("b 2\n");
        assertThat(storage.values("__name__", "a", "job", "j"))
                .as("it is not for us to say that it ended")
                .containsExactly("1.0");
    }

    @Test
    void endsSeriesWithTimesOfTheirOwnIfAsked() {
        config.trackTimestamps = true;
        scrape("a 1 50000\n");
        scrape("");
        assertThat(storage.values("__name__", "a", "job", "j")).containsExactly("1.0", "stale");
    }

    @Test
    void ignoresTimesIfAsked() {
        config.honorTimestamps = false;
        scrape("a 1 50000\n");
        assertThat(storage.times("__name__", "a", "job", "j")).containsExactly(110_000L);
    }

    @Test
    void takesSeveralSamplesOfASeriesWithTimes() {
        scrape("a 1 50000\na 2 60000\n");
        assertThat(storage.values("__name__", "a", "job", "j")).containsExactly("1.0", "2.0");
    }

    @Test
    void knowsASeriesInAnotherSpelling() {
        scrape("a{x=\"1\",y=\"2\"} 1\n");
        scrape("a{ y=\"2\", x=\"1\", } 2\n");
        scrape("{\"a\",y=\"2\",\"x\"=\"1\"} 3\n");
        scrape("a{x=\"1\",y=\"2\"} 4\n");
        assertThat(storage.values("__name__", "a", "x", "1", "y", "2", "job", "j"))
                .containsExactly("1.0", "2.0", "3.0", "4.0");
    }

    @Test
    void givesBucketsAndQuantilesOneSpelling() {
        scrape("""
                # TYPE h histogram
                h_bucket{le="1"} 1
                h_bucket{le="1000000"} 2
                h_bucket{le="0.00005"} 3
                h_bucket{le="+Inf"} 4
                h_bucket{le="0.5"} 5
                # TYPE s summary
                s{quantile="0"} 5
                # TYPE g gauge
                g{le="1"} 6
                """);
        for (String le : new String[] {"1.0", "1e+06", "5e-05", "+Inf", "0.5"}) {
            assertThat(storage.values("__name__", "h_bucket", "le", le, "job", "j"))
                    .as(le)
                    .hasSize(1);
        }
        assertThat(storage.values("__name__", "s", "quantile", "0.0", "job", "j"))
                .hasSize(1);
        assertThat(storage.values("__name__", "g", "le", "1", "job", "j")).hasSize(1);
    }

    @Test
    void cannotBeSentStalenessMarkers() {
        scrape("a NaN\n");
        assertThat(storage.values("__name__", "a", "job", "j")).containsExactly("NaN");
    }

    @Test
    void refusesWhatCannotBeStored() {
        assertThat(scrape("a{b=\"1\",b=\"2\"} 1\n")).isEqualTo("label name \"b\" is not unique: invalid sample");
        assertThat(scrape("a{__name__=\"b\"} 1\n")).isEqualTo("label name \"__name__\" is not unique: invalid sample");
        assertThat(scrape("{\"\"} 1\n")).isEqualTo("missing metric name (__name__ label)");
        assertThat(scrape("a{\"\"=\"x\"} 1\n")).startsWith("invalid metric name or label names");
        assertThat(storage.values("__name__", "up", "job", "j")).containsExactly("0.0", "0.0", "0.0", "0.0");
    }

    @Test
    void forgetsWhatFailingScrapesBring() {
        scrape("a 1\n");
        for (int i = 0; i < 30; i++) {
            StringBuilder page = new StringBuilder();
            for (int k = 0; k < 500; k++) {
                page.append("junk{i=\"").append(i).append('-').append(k).append("\"} 1\n");
            }
            assertThat(scrape(page + "}")).isNotEmpty();
            assertThat(series.cache().size()).isLessThan(2_000);
        }
        scrape("a 2\n");
        assertThat(storage.values("__name__", "a", "job", "j")).containsExactly("1.0", "stale", "2.0");
        assertThat(storage.series()).hasSize(1 + 5);
    }

    @Test
    void fallsBackToHashesWhenTheOrderChanges() {
        StringBuilder up = new StringBuilder();
        StringBuilder down = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            up.append("a{i=\"").append(i).append("\"} 1\n");
            down.insert(0, "a{i=\"" + i + "\"} 2\n");
        }
        scrape(up.toString());
        int resolved = storage.resolvedByLabels();
        scrape(down.toString());
        scrape(down.toString());
        assertThat(storage.resolvedByLabels()).isEqualTo(resolved);
        assertThat(storage.values("__name__", "a", "i", "500", "job", "j")).containsExactly("1.0", "2.0", "2.0");
    }
}
