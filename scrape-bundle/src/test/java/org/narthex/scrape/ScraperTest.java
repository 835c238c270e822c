package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.Regex;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.scrape.ScrapeTargets;
import org.narthex.api.scrape.TargetGroup;

/** Loops over in-process targets, which need neither threads nor network: all happens when the time is advanced. */
class ScraperTest {
    /** An exporter that writes the lines it is given, {@code name=value} each. */
    private static final class Lines implements Exporter {
        private List<String> lines;
        int collections;

        Lines(String... lines) {
            this.lines = List.of(lines);
        }

        void set(String... now) {
            lines = List.of(now);
        }

        @Override
        public void collect(MetricSink sink) {
            collections++;
            for (String line : lines) {
                int equal = line.lastIndexOf('=');
                String[] parts = line.substring(0, equal).split(",", -1);
                String[] labels = new String[parts.length - 1];
                System.arraycopy(parts, 1, labels, 0, labels.length);
                sink.family(parts[0], MetricType.GAUGE, "");
                sink.sample(parts[0], Double.parseDouble(line.substring(equal + 1)), labels);
            }
        }
    }

    /** A discovery plug-in that is told what it finds. */
    private static final class Told implements DiscoveryProvider {
        final List<Listener> listeners = new ArrayList<>();
        int closed;

        @Override
        public void check(ConfigNode section) throws ConfigException {
            if (section.get("bad").isPresent()) {
                throw section.error("bad section");
            }
        }

        @Override
        public Discovery start(ConfigNode section, Listener listener) {
            listeners.add(listener);
            return () -> closed++;
        }

        void find(String source, String... addresses) {
            List<Labels> targets = new ArrayList<>();
            for (String address : addresses) {
                targets.add(Labels.of("__address__", address, "__exporter__", "e"));
            }
            listeners.get(listeners.size() - 1).update(List.of(new TargetGroup(source, targets, Labels.EMPTY)));
        }
    }

    private final TestClockwork clockwork = new TestClockwork();
    private final RecordingStorage storage = new RecordingStorage();
    private final Scraper scraper =
            new Scraper(clockwork, () -> null, "", 2, 5_000, "testhost", Features.NONE, new SeriesGuard(0, 0));
    private final TestConfig job = new TestConfig("j").target("x:1", "__exporter__", "e");
    private final Lines exporter = new Lines("a=1");

    @BeforeEach
    void store() {
        scraper.storage(storage);
    }

    @AfterEach
    void stop() {
        scraper.stop();
    }

    private void apply(TestConfig... jobs) {
        scraper.apply(TestConfig.configuration(jobs));
    }

    private void install(String name, Exporter installed) {
        scraper.addExporter(installed, Map.of(Exporter.NAME, name, Exporter.ON_DEMAND, true));
    }

    private void begin() {
        install("e", exporter);
        apply(job);
    }

    private List<String> values(String name, String... more) {
        String[] labels = new String[6 + more.length];
        System.arraycopy(new String[] {"__name__", name, "job", "j", "instance", "x:1"}, 0, labels, 0, 6);
        System.arraycopy(more, 0, labels, 6, more.length);
        return storage.values(labels);
    }

    private static RelabelConfig relabel(
            RelabelConfig.Action action, String source, String regex, String target, String replacement) {
        return new RelabelConfig(
                source.isEmpty() ? List.of() : List.of(source),
                ";",
                target,
                Regex.compile(regex),
                0,
                replacement,
                action);
    }

    // In-process targets

    @Test
    void scrapesAnExporterAtOnceAndThenByTheInterval() {
        begin();
        assertThat(values("a")).containsExactly("1.0");
        clockwork.advance(30_000);
        assertThat(values("a")).hasSize(4);
        assertThat(values("up")).containsExactly("1.0", "1.0", "1.0", "1.0");
        assertThat(scraper.active().get(0).scrapeUrl()).isEqualTo("exporter://e");
    }

    @Test
    void givesAnUnaskedExporterATargetOfItsOwn() {
        apply(job);
        scraper.addExporter(new Lines("b=2"), Map.of(Exporter.NAME, "jvm", Exporter.INTERVAL, "3s"));
        scraper.addExporter(new Lines("c=3"), Map.of(Exporter.NAME, "narthex", Exporter.ON_DEMAND, true));
        clockwork.advance(6_000);
        assertThat(storage.values("__name__", "b", "job", "jvm", "instance", "testhost"))
                .hasSize(3);
        assertThat(scraper.active()).hasSize(1);
        // The configuration asks for it: then that target is the only one.
        apply(new TestConfig("own").target("y", "__exporter__", "jvm"));
        assertThat(scraper.active())
                .extracting(ScrapeTargets.Active::scrapePool)
                .containsExactly("own");
    }

    @Test
    void labelsOfAnExporterThatWantsItWinOverThoseOfItsTarget() {
        apply(job);
        Map<String, ?> wishes = Map.of(Exporter.NAME, "relay", Exporter.HONOR_LABELS, true, Exporter.INTERVAL, "3s");
        scraper.addExporter(sink -> sink.gauge("d", "D.", 4, "job", "own", "instance", ""), wishes);
        clockwork.advance(3_000);
        assertThat(storage.values("__name__", "d", "job", "own")).containsOnly("4.0");
        assertThat(storage.values("__name__", "up", "job", "relay", "instance", "testhost"))
                .containsOnly("1.0");
    }

    @Test
    void joinsExportersOfOneNameInOneTarget() {
        begin();
        install("e", new Lines("b=2"));
        clockwork.advance(10_000);
        assertThat(values("b")).containsExactly("2.0");
        assertThat(values("scrape_samples_scraped")).endsWith("2.0");
        assertThat(scraper.active()).hasSize(1);
    }

    @Test
    void endsTheSeriesOfAnExporterThatGoesWithinTwoSeconds() {
        begin();
        scraper.removeExporter(exporter);
        clockwork.advance(2_000);
        assertThat(values("a")).containsExactly("1.0", "stale");
        assertThat(values("up")).containsExactly("1.0", "stale");
        assertThat(values("scrape_series_added")).containsExactly("1.0", "stale");
        assertThat(scraper.active()).isEmpty();
        install("e", exporter);
        assertThat(values("a")).containsExactly("1.0", "stale", "1.0");
    }

    @Test
    void keepsTheTargetWhileItsExporterIsReplaced() {
        begin();
        scraper.removeExporter(exporter);
        clockwork.advance(300);
        install("e", new Lines("a=5"));
        clockwork.advance(10_000);
        assertThat(values("a")).containsExactly("1.0", "5.0");
        assertThat(values("up")).containsExactly("1.0", "1.0");
    }

    @Test
    void failsTheScrapeWhenAnExporterFails() {
        begin();
        install("e", sink -> {
            throw new NoClassDefFoundError("gone/Away");
        });
        clockwork.advance(10_000);
        assertThat(values("up")).containsExactly("1.0", "0.0");
        assertThat(values("a")).containsExactly("1.0", "stale");
        assertThat(scraper.active().get(0).lastError()).contains("NoClassDefFoundError: gone/Away");
    }

    // What is stored

    @Test
    void renamesExposedLabelsThatConflict() {
        exporter.set("a,job,x,exported_job,y,z,1=1");
        begin();
        assertThat(values("a", "exported_job", "y", "exported_exported_job", "x", "z", "1"))
                .containsExactly("1.0");
    }

    @Test
    void honorsExposedLabels() {
        job.honorLabels = true;
        exporter.set("a,job,x,instance,=1");
        begin();
        assertThat(storage.values("__name__", "a", "job", "x")).containsExactly("1.0");
    }

    @Test
    void relabelsSamples() {
        job.metricRelabel = List.of(
                relabel(RelabelConfig.Action.DROP, "__name__", "b", "", "$1"),
                relabel(RelabelConfig.Action.REPLACE, "__name__", "(a)", "copy", "$1"));
        job.limits = new ScrapeConfig.Limits(0, 1, 0, 0, 0, 0, 0, 0, 0);
        exporter.set("a=1", "b=2");
        begin();
        assertThat(values("a", "copy", "a")).containsExactly("1.0");
        assertThat(values("scrape_samples_scraped")).containsExactly("2.0");
        assertThat(values("scrape_samples_post_metric_relabeling")).containsExactly("1.0");
        assertThat(values("up")).containsExactly("1.0");
    }

    @Test
    void failsTheScrapeWhenRelabellingTakesTheName() {
        job.metricRelabel = List.of(relabel(RelabelConfig.Action.LABELDROP, "", "__name__", "", "$1"));
        begin();
        assertThat(scraper.active().get(0).lastError()).isEqualTo("missing metric name (__name__ label)");
    }

    @Test
    void failsTheScrapeBeyondTheSampleLimit() {
        job.limits = new ScrapeConfig.Limits(0, 2, 0, 0, 0, 0, 0, 0, 0);
        job.extra = true;
        exporter.set("a=1", "b=2");
        begin();
        exporter.set("a=1", "b=2", "c=3");
        clockwork.advance(10_000);
        assertThat(values("a")).containsExactly("1.0", "stale");
        assertThat(values("c")).isEmpty();
        assertThat(values("up")).containsExactly("1.0", "0.0");
        assertThat(values("scrape_samples_post_metric_relabeling")).containsExactly("2.0", "3.0");
        assertThat(values("scrape_sample_limit")).containsExactly("2.0", "2.0");
        assertThat(scraper.active().get(0).lastError()).isEqualTo("sample limit exceeded");
    }

    @Test
    void failsTheScrapeBeyondLabelLimits() {
        exporter.set("a,longname,longvalue=1");
        install("e", exporter);
        assertLimit(
                new ScrapeConfig.Limits(0, 0, 0, 3, 0, 0, 0, 0, 0),
                "label_limit exceeded (metric: a, number of labels: 4");
        assertLimit(
                new ScrapeConfig.Limits(0, 0, 0, 0, 7, 0, 0, 0, 0),
                "label_name_length_limit exceeded (metric: a, label name: __name__, length: 8, limit: 7)");
        assertLimit(
                new ScrapeConfig.Limits(0, 0, 0, 0, 0, 8, 0, 0, 0),
                "label_value_length_limit exceeded (metric: a, label name: longname, value: \"longvalue\", length: 9, limit: 8)");
        assertThat(values("scrape_samples_scraped"))
                .as("the one that is too long counts")
                .containsOnly("1.0");
        assertLimit(new ScrapeConfig.Limits(0, 0, 0, 4, 8, 9, 0, 0, 0), "");
    }

    private void assertLimit(ScrapeConfig.Limits limits, String error) {
        job.limits = limits;
        apply(job);
        clockwork.advance(10_000);
        assertThat(scraper.active().get(0).lastError()).startsWith(error);
        assertThat(scraper.active().get(0).lastError().isEmpty()).isEqualTo(error.isEmpty());
    }

    @Test
    void failsAllScrapesBeyondTheTargetLimit() {
        job.target("y:2", "__exporter__", "e");
        job.limits = new ScrapeConfig.Limits(0, 0, 1, 0, 0, 0, 0, 0, 0);
        begin();
        assertThat(values("up")).containsExactly("0.0");
        assertThat(scraper.active())
                .extracting(ScrapeTargets.Active::lastError)
                .containsOnly("target_limit exceeded (number of targets: 2, limit: 1)");
    }

    @Test
    void refusesASeriesGivenTwice() {
        exporter.set("a=1", "a=2", "b=1");
        begin();
        assertThat(values("a")).containsExactly("1.0");
        assertThat(values("up")).containsExactly("1.0");
        assertThat(values("scrape_samples_post_metric_relabeling")).containsExactly("3.0");
    }

    // Staleness

    @Test
    void endsASeriesThatIsNotThereAnyMore() {
        exporter.set("a=1", "b=2");
        begin();
        exporter.set("b=3");
        clockwork.advance(10_000);
        assertThat(values("a")).containsExactly("1.0", "stale");
        assertThat(values("b")).containsExactly("2.0", "3.0");
        clockwork.advance(10_000);
        assertThat(values("a")).containsExactly("1.0", "stale");
        exporter.set("a=4", "b=3");
        clockwork.advance(10_000);
        assertThat(values("a")).containsExactly("1.0", "stale", "4.0");
        assertThat(values("scrape_series_added")).containsExactly("2.0", "0.0", "0.0", "1.0");
    }

    @Test
    void survivesSeriesThatChurn() {
        begin();
        for (int i = 0; i < 50; i++) {
            String[] lines = new String[100];
            for (int k = 0; k < lines.length; k++) {
                lines[k] = k < 50 ? "steady,n," + k + "=" + i : "churn,n," + i + "-" + k + "=1";
            }
            exporter.set(lines);
            clockwork.advance(10_000);
        }
        for (int k = 0; k < 50; k++) {
            assertThat(values("steady", "n", "" + k)).hasSize(50).doesNotContain("stale");
        }
        assertThat(values("churn", "n", "3-77")).containsExactly("1.0", "stale");
        assertThat(values("churn", "n", "49-77")).containsExactly("1.0");
        assertThat(values("a")).containsExactly("1.0", "stale");
    }

    @Test
    void endsTheSeriesOfARemovedTargetAfterTwoMoreIntervals() {
        begin();
        clockwork.advance(10_000);
        apply();
        assertThat(scraper.active()).isEmpty();
        clockwork.advance(11_000);
        assertThat(values("a")).containsExactly("1.0", "1.0");
        clockwork.advance(11_000);
        assertThat(values("a")).containsExactly("1.0", "1.0", "stale");
        assertThat(values("up")).containsExactly("1.0", "1.0", "stale");
        List<Long> times = storage.times("__name__", "a", "job", "j", "instance", "x:1");
        assertThat(times.get(2) - times.get(1))
                .as("as of the first missed scrape")
                .isEqualTo(10_000);
    }

    @Test
    void goesOnWhenARemovedTargetComesBack() {
        begin();
        clockwork.advance(10_000);
        apply();
        clockwork.advance(1_000);
        apply(job);
        clockwork.advance(60_000);
        assertThat(values("a")).doesNotContain("stale");
    }

    @Test
    void doesNotEndSeriesThatAnotherJobGoesOnWith() {
        begin();
        TestConfig other = new TestConfig("k").target("x:1", "__exporter__", "e", "job", "j");
        apply(other);
        clockwork.advance(60_000);
        assertThat(values("a")).hasSizeGreaterThan(5).doesNotContain("stale");
    }

    @Test
    void writesNoMarkersWhenItStops() {
        begin();
        scraper.stop();
        clockwork.advance(60_000);
        assertThat(values("a")).containsExactly("1.0");
    }

    // Reload

    @Test
    void missesNoScrapeWhenTheConfigurationStaysTheSame() {
        begin();
        clockwork.advance(25_000);
        int resolved = storage.resolvedByLabels();
        int before = exporter.collections;
        TestConfig same = new TestConfig("j").target("x:1", "__exporter__", "e");
        apply(same, new TestConfig("new").target("z:1"));
        clockwork.advance(30_000);
        assertThat(exporter.collections).isEqualTo(before + 3);
        assertThat(values("a")).doesNotContain("stale");
        assertThat(storage.resolvedByLabels() - resolved)
                .as("only the report of the new target")
                .isLessThanOrEqualTo(5);
    }

    @Test
    void endsWhatRelabellingRenamesAfterAReload() {
        begin();
        clockwork.advance(10_000);
        job.metricRelabel = List.of(relabel(RelabelConfig.Action.REPLACE, "__name__", "a", "__name__", "c"));
        apply(job);
        clockwork.advance(10_000);
        assertThat(values("a")).containsExactly("1.0", "1.0", "stale");
        assertThat(values("c")).containsExactly("1.0");
        assertThat(values("up")).hasSize(3).doesNotContain("stale");
    }

    @Test
    void takesAnotherIntervalWithoutStartingOver() {
        begin();
        job.intervalMs = 5_000;
        apply(job);
        clockwork.advance(20_000);
        assertThat(values("a")).hasSize(5).doesNotContain("stale");
        assertThat(scraper.active().get(0).intervalMs()).isEqualTo(5_000);
    }

    // Storage

    @Test
    void keepsSamplesWhileThereIsNoStorage() {
        scraper.removeStorage(storage);
        begin();
        clockwork.advance(30_000);
        assertThat(storage.series()).isEmpty();
        scraper.storage(storage);
        assertThat(values("a")).hasSize(4);
        clockwork.advance(10_000);
        assertThat(values("a")).hasSize(5);
    }

    @Test
    void usesNoReferencesOfAnotherStorage() {
        exporter.set("a=1", "b=2");
        begin();
        RecordingStorage other = new RecordingStorage(3);
        scraper.storage(other);
        scraper.removeStorage(storage);
        exporter.set("b=2", "a=1");
        clockwork.advance(20_000);
        assertThat(other.values("__name__", "a", "job", "j", "instance", "x:1")).containsExactly("1.0", "1.0");
        assertThat(values("a")).containsExactly("1.0");
    }

    // Discovery

    private TestConfig discovering(ConfigNode section) {
        TestConfig config = new TestConfig("j");
        config.discoveries.add(new ScrapeConfig.Discovery("told", section));
        return config;
    }

    @Test
    void appliesDiscoveredTargetsAtOnceAndThenNotTooOften() {
        install("e", exporter);
        Told told = new Told();
        scraper.addProvider("told", told);
        apply(discovering(ConfigNode.of(Map.of())));
        told.find("s", "x:1");
        clockwork.advance(0);
        assertThat(values("up")).hasSize(1);
        told.find("s", "x:1", "y:2");
        clockwork.advance(4_999);
        assertThat(scraper.active()).hasSize(1);
        clockwork.advance(1);
        assertThat(scraper.active()).hasSize(2);
        told.find("s");
        clockwork.advance(5_000);
        assertThat(scraper.active()).isEmpty();
    }

    @Test
    void keepsTargetsWhileTheirPluginIsAway() {
        install("e", exporter);
        Told told = new Told();
        apply(discovering(ConfigNode.of(Map.of())));
        scraper.addProvider("told", told);
        told.find("s", "x:1");
        told.find("t", "y:2");
        clockwork.advance(5_000);
        scraper.removeProvider("told", told);
        assertThat(told.closed).isEqualTo(1);
        clockwork.advance(60_000);
        assertThat(scraper.active()).hasSize(2);
        Told again = new Told();
        scraper.addProvider("told", again);
        again.find("s", "x:1");
        clockwork.advance(10_000);
        assertThat(scraper.active()).hasSize(2);
        clockwork.advance(20_000);
        assertThat(scraper.active()).as("what is not found again").hasSize(1);
        assertThat(values("a")).doesNotContain("stale");
    }

    @Test
    void keepsADiscoveryThatTheReloadLeavesAlone() {
        install("e", exporter);
        Told told = new Told();
        scraper.addProvider("told", told);
        apply(discovering(ConfigNode.of(Map.of("k", "v"))));
        told.find("s", "x:1");
        clockwork.advance(0);
        TestConfig changed = discovering(ConfigNode.of(Map.of("k", "v")));
        changed.intervalMs = 20_000;
        apply(changed);
        assertThat(told.listeners).hasSize(1);
        assertThat(scraper.active()).hasSize(1);
        apply(discovering(ConfigNode.of(Map.of("k", "w"))));
        assertThat(told.listeners).hasSize(2);
        assertThat(told.closed).isEqualTo(1);
    }

    @Test
    void keepsTargetsUntilAChangedSectionHasAnswered() {
        install("e", exporter);
        Told told = new Told();
        scraper.addProvider("told", told);
        apply(discovering(ConfigNode.of(Map.of("k", "v"))));
        told.find("s", "x:1", "y:2");
        clockwork.advance(0);
        apply(discovering(ConfigNode.of(Map.of("k", "w"))));
        assertThat(scraper.active()).hasSize(2);
        clockwork.advance(60_000);
        assertThat(scraper.active()).as("no answer yet").hasSize(2);
        assertThat(values("a")).doesNotContain("stale");
        apply(discovering(ConfigNode.of(Map.of("k", "x"))));
        assertThat(scraper.active()).as("changed once more").hasSize(2);
        told.find("other", "y:2");
        clockwork.advance(5_000);
        assertThat(scraper.active()).hasSize(1);
        apply(new TestConfig("j"));
        assertThat(scraper.active()).as("no section any more").isEmpty();
    }

    @Test
    void asksPluginsAboutTheirSections() {
        scraper.addProvider("told", new Told());
        Configuration bad = TestConfig.configuration(discovering(ConfigNode.of(Map.of("bad", "1"))));
        assertThatThrownBy(() -> scraper.check(bad))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("bad");
    }

    // Targets

    @Test
    void keepsDroppedTargetsToShow() {
        job.target("y:2", "__exporter__", "e", "drop", "me");
        job.relabel = List.of(relabel(RelabelConfig.Action.DROP, "drop", "me", "", "$1"));
        begin();
        assertThat(scraper.active()).hasSize(1);
        assertThat(scraper.dropped()).hasSize(1);
        assertThat(scraper.dropped().get(0).discoveredLabels().get("__address__"))
                .isEqualTo("y:2");
        assertThat(scraper.dropped().get(0).discoveredLabels().get("__scrape_interval__"))
                .isEqualTo("10s");
        job.target("z:3", "__exporter__", "e", "drop", "me");
        apply(job);
        assertThat(scraper.dropped()).hasSize(2);
        job.limits = new ScrapeConfig.Limits(0, 0, 0, 0, 0, 0, 1, 0, 0);
        apply(job);
        assertThat(scraper.dropped()).hasSize(1);
    }

    @Test
    void keepsATargetThatRelabellingLeavesNothingButItsAddress() {
        job.relabel = List.of(relabel(RelabelConfig.Action.LABELDROP, "", "job", "", "$1"));
        begin();
        assertThat(storage.values("__name__", "up", "instance", "x:1")).containsExactly("1.0");
    }

    @Test
    void leavesOutTargetsThatCannotBe() {
        job.target("http://y:2/metrics")
                .target("z:3", "__scrape_timeout__", "20s")
                .target("w:4", "__scrape_interval__", "x");
        job.target("x:1", "__exporter__", "e");
        begin();
        assertThat(scraper.active()).as("also collapses equal ones").hasSize(1);
        assertThat(metrics()).containsEntry("prometheus_target_sync_failed_total{scrape_job=j}", 3.0);
    }

    // Metrics

    /** What scraping says about itself. */
    private Map<String, Double> metrics() {
        Map<String, Double> metrics = new HashMap<>();
        scraper.collect(new MetricSink() {
            @Override
            public void family(String name, MetricType type, String help) {}

            @Override
            public void sample(String name, double value, String... labels) {
                StringBuilder series = new StringBuilder(name);
                for (int i = 0; i < labels.length; i += 2) {
                    series.append(i == 0 ? '{' : ',')
                            .append(labels[i])
                            .append('=')
                            .append(labels[i + 1]);
                }
                metrics.put(labels.length == 0 ? name : series + "}", value);
            }
        });
        return metrics;
    }

    @Test
    void countsWhatExceedsLimitsAndWhatIsNotStored() {
        job.limits = new ScrapeConfig.Limits(0, 1, 0, 0, 0, 0, 0, 0, 0);
        exporter.set("a=1", "b=1");
        begin();
        job.limits = new ScrapeConfig.Limits(0, 0, 0, 2, 0, 0, 0, 0, 0);
        apply(job);
        clockwork.advance(10_000);
        job.limits = new ScrapeConfig.Limits(0, 0, 1, 0, 0, 0, 0, 0, 0);
        apply(job);
        exporter.set("a=1", "a=2", "b=1");
        clockwork.advance(10_000);
        job.target("y:2", "__exporter__", "e");
        apply(job);
        assertThat(metrics())
                .containsEntry("prometheus_target_scrapes_exceeded_sample_limit_total", 1.0)
                .containsEntry("prometheus_target_scrape_pool_exceeded_label_limits_total", 1.0)
                .containsEntry("prometheus_target_scrapes_sample_duplicate_timestamp_total", 1.0)
                .containsEntry("prometheus_target_scrape_pool_exceeded_target_limit_total", 1.0)
                .containsEntry("prometheus_target_scrape_pool_target_limit{scrape_job=j}", 1.0)
                .containsEntry("prometheus_target_scrape_pool_targets{scrape_job=j}", 2.0)
                .containsEntry("prometheus_target_scrape_pools_total", 1.0)
                .containsEntry("prometheus_target_scrape_pool_reloads_total", 3.0)
                .containsEntry("prometheus_target_sync_length_seconds_count{scrape_job=j}", 4.0)
                .containsEntry("prometheus_target_scrape_pool_sync_total{scrape_job=j}", 4.0)
                .containsEntry("prometheus_sd_discovered_targets{name=scrape,config=j}", 2.0)
                .containsKey("prometheus_target_sync_length_seconds{scrape_job=j,quantile=0.99}")
                .containsKey("prometheus_target_interval_length_seconds{interval=10s,quantile=0.5}");
    }

    @Test
    void countsUpdatesOfDiscovery() {
        install("e", exporter);
        scraper.addProvider("told", new Told());
        apply(discovering(ConfigNode.of(Map.of("bad", "1"))));
        assertThat(metrics()).containsEntry("prometheus_sd_failed_configs{name=scrape}", 1.0);
        Told told = new Told();
        scraper.addProvider("told", told);
        apply(discovering(ConfigNode.of(Map.of())));
        told.find("s", "x:1");
        clockwork.advance(0);
        told.find("s", "y:2");
        told.find("s", "z:3");
        clockwork.advance(5_000);
        assertThat(metrics())
                .containsEntry("prometheus_sd_failed_configs{name=scrape}", 0.0)
                .containsEntry("prometheus_sd_received_updates_total{name=scrape}", 3.0)
                .containsEntry("prometheus_sd_updates_total{name=scrape}", 2.0)
                .containsEntry("prometheus_sd_updates_delayed_total{name=scrape}", 1.0);
    }

    @Test
    void tellsOnceInAWhileThatSamplesAreNotStored() {
        List<String> told = new ArrayList<>();
        Logger logger = Logger.getLogger(TargetSeries.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                told.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            exporter.set("a=1", "a=2", "b=1");
            begin();
            clockwork.advance(30_000);
            assertThat(told)
                    .containsExactly("job j: target exporter://e is scraped, but some of its samples are not stored: 1"
                            + " with another value for the same time");
            exporter.set("a=1");
            clockwork.advance(100_000);
            exporter.set("a=1", "a=2");
            clockwork.advance(20_000);
            assertThat(told).hasSize(2);
        } finally {
            logger.removeHandler(handler);
        }
    }
}
