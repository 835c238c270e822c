package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Regex;

class TargetBuilderTest {
    private final TestConfig config = new TestConfig("j");

    private Labels discovered(Labels target, Labels group) {
        return new TargetBuilder(config.build()).discovered(target, group);
    }

    /** The target of these labels, of which each stands for one that relabelling may have set. */
    private Target build(String... labels) {
        TargetBuilder builder = new TargetBuilder(config.build());
        return builder.build(builder.discovered(Labels.of(labels), Labels.EMPTY))
                .orElseThrow();
    }

    private void assertRefused(String reason, String... labels) {
        assertThatThrownBy(() -> build(labels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(reason);
    }

    @Test
    void fillsInWhatNeitherTargetNorGroupSays() {
        config.params = Map.of("module", List.of("one", "two"), "none", List.of());
        config.histograms = new HistogramModes(true, false, true);
        assertThat(discovered(
                                Labels.of("__address__", "a:1", "x", "target", "empty", ""),
                                Labels.of("x", "group", "y", "group", "__scheme__", "https"))
                        .toMap())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("__address__", "a:1"),
                        Map.entry("__scheme__", "https"),
                        Map.entry("__metrics_path__", "/metrics"),
                        Map.entry("__scrape_interval__", "10s"),
                        Map.entry("__scrape_timeout__", "5s"),
                        Map.entry("__scrape_native_histograms__", "true"),
                        Map.entry("__always_scrape_classic_histograms__", "false"),
                        Map.entry("__convert_classic_histograms_to_nhcb__", "true"),
                        Map.entry("__param_module", "one"),
                        Map.entry("job", "j"),
                        Map.entry("x", "target"),
                        Map.entry("y", "group")));
    }

    @Test
    void makesTheUrlOfTheLabels() {
        config.params = Map.of("module", List.of("one", "two"));
        assertThat(build("__address__", "a", "__metrics_path__", "p/ä b", "__param_module", "x&y", "__param_new", "1")
                        .url())
                .as("no port is made up")
                .isEqualTo("http://a/p/%C3%A4%20b?module=x%26y&module=two&new=1");
        assertThat(build("__address__", "[::1]:9", "__scheme__", "https").url())
                .isEqualTo("https://[::1]:9/metrics?module=one&module=two");
    }

    @Test
    void callsAnInstanceByItsAddressIfNothingElseDoes() {
        Target target = build("__address__", "a:1", "__meta_x", "m", "__tmp", "t");
        assertThat(target.publicLabels()).isEqualTo(Labels.of("instance", "a:1", "job", "j"));
        assertThat(target.labels().has("__meta_x")).isFalse();
        assertThat(target.labels().get("__tmp")).isEqualTo("t");
        assertThat(build("__address__", "a:1", "instance", "i").publicLabels().get("instance"))
                .isEqualTo("i");
    }

    @Test
    void needsNoAddressOverAUnixSocket() {
        Target target = build("__unix_socket__", "/run/x.sock");
        assertThat(target.unixSocket()).isEqualTo("/run/x.sock");
        assertThat(target.url()).isEqualTo("http://localhost/metrics");
        assertThat(target.publicLabels().get("instance")).isEqualTo("localhost");
    }

    @Test
    void takesTimesAndHistogramsAsTheLabelsSay() {
        Target target = build(
                "__address__",
                "a:1",
                "__scrape_interval__",
                "1m30s",
                "__scrape_timeout__",
                "1s",
                "__scrape_native_histograms__",
                "T",
                "__always_scrape_classic_histograms__",
                "1",
                "__convert_classic_histograms_to_nhcb__",
                "true");
        assertThat(target.intervalMs()).isEqualTo(90_000);
        assertThat(target.timeoutMs()).isEqualTo(1_000);
        assertThat(target.histograms()).isEqualTo(new HistogramModes(true, true, true));
    }

    @Test
    void refusesWhatCannotBeScraped() {
        assertRefused("no address", "x", "y");
        assertRefused("\"http://a\" is not a valid hostname", "__address__", "http://a");
        assertRefused(
                "error parsing scrape interval: not a valid duration string: \"x\"",
                "__address__",
                "a",
                "__scrape_interval__",
                "x");
        assertRefused("scrape interval cannot be 0", "__address__", "a", "__scrape_interval__", "0s");
        assertRefused(
                "error parsing scrape timeout: not a valid duration string: \"y\"",
                "__address__",
                "a",
                "__scrape_timeout__",
                "y");
        assertRefused("scrape timeout cannot be 0", "__address__", "a", "__scrape_timeout__", "0s");
        assertRefused(
                "scrape timeout cannot be greater than scrape interval (\"11s\" > \"10s\")",
                "__address__",
                "a",
                "__scrape_timeout__",
                "11s");
        assertRefused(
                "error parsing __convert_classic_histograms_to_nhcb__: \"maybe\" is neither true nor false",
                "__address__",
                "a",
                "__convert_classic_histograms_to_nhcb__",
                "maybe");
    }

    @Test
    void isDroppedByRelabellingAlone() {
        config.relabel = List.of(
                new RelabelConfig(List.of("x"), ";", "", Regex.compile("y"), 0, "$1", RelabelConfig.Action.DROP));
        TargetBuilder builder = new TargetBuilder(config.build());
        assertThat(builder.build(Labels.of("x", "y")))
                .as("before its address is missed")
                .isEmpty();
    }
}
