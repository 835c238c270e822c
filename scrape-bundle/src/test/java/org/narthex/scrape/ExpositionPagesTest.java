package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricFamily;

class ExpositionPagesTest {
    private static List<MetricFamily> read(String type, String page) throws IOException {
        return new ExpositionPages().read(type, page.getBytes(StandardCharsets.UTF_8));
    }

    private static MetricFamily.Sample sample(String name, double value, String... labels) {
        return new MetricFamily.Sample(name, Labels.of(labels), value, OptionalLong.empty());
    }

    @Test
    void putsPartsToTheirFamily() throws Exception {
        assertThat(read("", """
                # HELP h A \\\\ B\\nC
                # TYPE h histogram
                h_bucket{le="1"} 1
                h_sum 2
                h_count 1
                h_other 3
                # TYPE s summary
                s{quantile="0.5"} 4
                # HELP unused U.
                # TYPE unused gauge
                h_bucket{le="+Inf"} 5
                s_count 6 7
                """))
                .containsExactly(
                        new MetricFamily(
                                "h",
                                MetricType.HISTOGRAM,
                                "A \\ B\nC",
                                List.of(
                                        sample("h_bucket", 1, "le", "1.0"),
                                        sample("h_sum", 2),
                                        sample("h_count", 1),
                                        sample("h_bucket", 5, "le", "+Inf"))),
                        new MetricFamily("h_other", MetricType.UNKNOWN, "", List.of(sample("h_other", 3))),
                        new MetricFamily(
                                "s",
                                MetricType.SUMMARY,
                                "",
                                List.of(
                                        sample("s", 4, "quantile", "0.5"),
                                        new MetricFamily.Sample("s_count", Labels.EMPTY, 6, OptionalLong.of(7)))));
    }

    @Test
    void namesCountersOfOpenMetricsInFull() throws Exception {
        assertThat(read(
                        "application/openmetrics-text",
                        "# TYPE c counter\n# HELP c C.\nc_total{a=\"b\"} 1\nc_created{a=\"b\"} 5\n# EOF\n"))
                .containsExactly(
                        new MetricFamily("c_total", MetricType.COUNTER, "C.", List.of(sample("c_total", 1, "a", "b"))));
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> read("text/plain", "a{b=\"1\",b=\"2\"} 1\n"))
                .isInstanceOf(IOException.class)
                .hasMessage("label name \"b\" is not unique in a sample of a");
        assertThatThrownBy(() -> read("application/openmetrics-text", "a 1\n")).isInstanceOf(IOException.class);
    }
}
