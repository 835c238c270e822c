package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.scrape.SeriesReport;

class SeriesGuardTest {
    private final TestClockwork clockwork = new TestClockwork();
    private final RecordingStorage storage = new RecordingStorage();
    private Scraper scraper;
    private int users = 5;

    private void scrape(SeriesGuard guard, String... targetLabels) {
        scraper = new Scraper(clockwork, () -> null, "", 2, 5_000, "testhost", Features.NONE, guard);
        scraper.storage(storage);
        scraper.addExporter(this::requests, Map.of(Exporter.NAME, "e", Exporter.ON_DEMAND, true));
        List<String> labels = new ArrayList<>(List.of("__exporter__", "e"));
        labels.addAll(List.of(targetLabels));
        TestConfig job = new TestConfig("web").target("x:1", labels.toArray(String[]::new));
        scraper.apply(TestConfig.configuration(job));
        clockwork.advance(10_000);
    }

    private void requests(MetricSink sink) {
        sink.family("requests", MetricType.COUNTER, "");
        for (int i = 0; i < users; i++) {
            sink.sample("requests", i, "user", "u" + i, "method", i % 2 == 0 ? "GET" : "PUT");
        }
        sink.gauge("temperature", "", 20);
    }

    @AfterEach
    void stop() {
        scraper.stop();
    }

    /** The samples of what the scraper says about itself. */
    private Map<String, Double> metrics() {
        Map<String, Double> samples = new TreeMap<>();
        scraper.collect(new MetricSink() {
            @Override
            public void family(String name, MetricType type, String help) {}

            @Override
            public void sample(String name, double value, String... labels) {
                samples.put(name + Labels.of(labels), value);
            }
        });
        return samples;
    }

    @Test
    void saysWhichLabelsMakeTheSeriesMany() {
        scrape(new SeriesGuard(0, 0));
        SeriesReport report = scraper.series("", 10);
        assertThat(report.series()).isEqualTo(6);
        SeriesReport.Job job = report.jobs().get(0);
        assertThat(job.job()).isEqualTo("web");
        assertThat(job.series()).isEqualTo(6);
        assertThat(job.labels())
                .containsExactly(
                        new SeriesReport.Label("user", 5, 5),
                        new SeriesReport.Label("method", 2, 5),
                        new SeriesReport.Label("instance", 1, 6),
                        new SeriesReport.Label("job", 1, 6));
        assertThat(job.over()).isZero();
        assertThat(job.wouldDrop()).isEmpty();
        assertThat(scraper.series("other", 10).jobs()).isEmpty();
        assertThat(scraper.series("web", 1).jobs().get(0).labels()).hasSize(1);
    }

    @Test
    void saysWhatAHardLimitWouldDrop() {
        scrape(new SeriesGuard(100, 4));
        SeriesReport report = scraper.series("web", 10);
        assertThat(report.budget()).isEqualTo(100);
        assertThat(report.jobs().get(0).over()).isEqualTo(2);
        assertThat(report.jobs().get(0).wouldDrop()).containsExactly(new SeriesReport.Excess("requests", 5, "user", 5));
        assertThat(storage.series().stream()
                        .filter(labels -> labels.metricName().equals("requests")))
                .as("nothing is dropped")
                .hasSize(5);
    }

    @Test
    void followsASeriesThatIsGone() {
        scrape(new SeriesGuard(0, 4));
        users = 2;
        clockwork.advance(10_000);
        assertThat(scraper.series("web", 10).series()).isEqualTo(3);
        assertThat(scraper.series("web", 10).jobs().get(0).series()).isEqualTo(3);
    }

    @Test
    void targetsMaySayWhatTheirJobMayHave() {
        scrape(new SeriesGuard(0, 4), "__series_budget__", "1000");
        assertThat(scraper.series("web", 10).jobs().get(0).budget()).isEqualTo(1000);
        assertThat(metrics())
                .containsEntry("narthex_scrape_series{scrape_job=\"web\"}", 6.0)
                .containsEntry("narthex_scrape_series_budget{scrape_job=\"web\"}", 1000.0)
                .containsEntry("narthex_scrape_series_budget_all{}", 0.0);
    }

    @Test
    void aBudgetThatIsNoNumberCountsForNothing() {
        scrape(new SeriesGuard(0, 4), "__series_budget__", "many");
        assertThat(scraper.series("web", 10).jobs().get(0).budget()).isEqualTo(4);
    }

    @Test
    void keepsWatching() {
        scrape(new SeriesGuard(3, 4));
        clockwork.advance(60_000);
        users = 1;
        clockwork.advance(120_000);
        assertThat(scraper.series("", 10).series()).isEqualTo(2);
    }
}
