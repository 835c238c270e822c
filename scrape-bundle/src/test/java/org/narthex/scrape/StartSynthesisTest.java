package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.SampleBatch;

/** Pages of a target that does not say since when its series count. */
class StartSynthesisTest {
    private static final Features FEATURES = new Features(false, true, false, false, false, true);

    private final RecordingStorage storage = new RecordingStorage();
    private final StorageHandle handle = new StorageHandle(storage);
    private final Intake intake = new Intake(new ScrapeMetrics(), FEATURES);
    private HistogramModes modes = HistogramModes.CLASSIC;
    private TargetSeries series;
    private long nowMs;

    /** What a page brings, {@code name=value@since} each. */
    private List<String> scrape(String... lines) {
        if (series == null) {
            Target target = new Target(Labels.EMPTY, Labels.EMPTY, Labels.of("job", "j"), "http://x", "", modes, 10, 5);
            series = new TargetSeries(target, new TestConfig("j").build(), false);
        }
        byte[] page = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        nowMs += 10;
        intake.begin(series, handle, nowMs);
        boolean good = true;
        try {
            intake.page(Conformance.roomy(page), page.length, ContentType.Format.TEXT);
        } catch (ScrapeException e) {
            good = false;
        }
        intake.report(good, 0.1, page.length);
        intake.append(new HandOverQueue(() -> Optional.of(handle), 1_000_000));
        SampleBatch batch = storage.last();
        List<String> samples = new ArrayList<>();
        for (int i = 0; i < batch.size() - 5; i++) {
            Histogram histogram = batch.histogram(i);
            String value = histogram != null
                    ? histogram.count() + "/" + histogram.sum() + "/" + histogram.positive(0)
                    : StaleNaN.is(batch.value(i)) ? "stale" : String.valueOf(batch.value(i));
            samples.add(batch.labels(i).metricName() + "=" + value + "@" + batch.startTimestampMs(i));
        }
        return samples;
    }

    @Test
    void countsFromTheFirstSample() {
        assertThat(scrape("# TYPE c counter", "c 100", "# TYPE g gauge", "g 100", "u 100"))
                .containsExactly("g=100.0@0", "u=100.0@0");
        assertThat(scrape("# TYPE c counter", "c 103", "# TYPE g gauge", "g 103", "u 103"))
                .containsExactly("c=3.0@10", "g=103.0@0", "u=103.0@0");
        assertThat(scrape("# TYPE c counter", "c 103")).contains("c=3.0@10", "g=stale@0", "u=stale@0");
        assertThat(storage.values("__name__", "scrape_samples_post_metric_relabeling", "job", "j"))
                .as("the one that is not stored is counted")
                .containsExactly("3.0", "3.0", "1.0");
    }

    @Test
    void countsSinceTheLastSampleBeforeASeriesStartsAnew() {
        scrape("# TYPE c counter", "c 100");
        scrape("# TYPE c counter", "c 110");
        assertThat(scrape("# TYPE c counter", "c 4")).containsExactly("c=4.0@20");
        assertThat(scrape("# TYPE c counter", "c 5")).containsExactly("c=5.0@20");
    }

    @Test
    void knowsASeriesAgainAfterAFailureAndForgetsItAfterAWhile() {
        scrape("# TYPE c counter", "c 1");
        scrape("# TYPE c counter", "c 2");
        assertThat(scrape("}")).containsExactly("c=stale@0");
        assertThat(scrape("# TYPE c counter", "c 4")).containsExactly("c=3.0@10");
        for (int i = 0; i < 12; i++) {
            scrape("other 1");
        }
        assertThat(scrape("# TYPE c counter", "c 9")).doesNotContain("c=8.0@10");
        assertThat(scrape("# TYPE c counter", "c 10")).contains("c=1.0@170");
    }

    @Test
    void leavesOutOnlyThePartsOfSummariesThatCount() {
        String[] page = {"# TYPE s summary", "s{quantile=\"0.5\"} 2", "s_sum 7", "s_count 3", "s_other 1"};
        assertThat(scrape(page)).containsExactly("s=2.0@0", "s_other=1.0@0");
        assertThat(scrape(page)).containsExactly("s=2.0@0", "s_sum=0.0@10", "s_count=0.0@10", "s_other=1.0@0");
    }

    private static String[] histogram(int low, int all, double sum) {
        return new String[] {
            "# TYPE h histogram",
            "h_bucket{le=\"1\"} " + low,
            "h_bucket{le=\"+Inf\"} " + all,
            "h_sum " + sum,
            "h_count " + all
        };
    }

    @Test
    void countsTheSeriesOfClassicHistograms() {
        assertThat(scrape(histogram(1, 2, 3))).isEmpty();
        assertThat(scrape(histogram(2, 5, 4)))
                .containsExactly("h_bucket=1.0@10", "h_bucket=3.0@10", "h_sum=1.0@10", "h_count=3.0@10");
    }

    @Test
    void countsNativeHistograms() {
        modes = new HistogramModes(false, false, true);
        assertThat(scrape(histogram(1, 2, 3))).isEmpty();
        assertThat(scrape(histogram(2, 5, 4))).containsExactly("h=3.0/1.0/1.0@10");
        assertThat(scrape(histogram(1, 5, 4))).as("a bucket fell").containsExactly("h=5.0/4.0/1.0@20");
        assertThat(scrape(histogram(1, 6, 5))).containsExactly("h=6.0/5.0/1.0@20");
        assertThat(scrape(
                        "# TYPE h histogram",
                        "h_bucket{le=\"2\"} 1",
                        "h_bucket{le=\"+Inf\"} 7",
                        "h_sum 5",
                        "h_count 7"))
                .as("other buckets: from here on")
                .isEmpty();
    }
}
