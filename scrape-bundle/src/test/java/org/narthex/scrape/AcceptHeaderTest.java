package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.ScrapeConfig.Exposition;

class AcceptHeaderTest {
    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    private static String accept(String escaping, boolean protobufFirst, String... protocols) {
        return AcceptHeader.of(
                new Exposition(List.of(protocols), "", escaping, false, false, false, false), protobufFirst);
    }

    @Test
    void asksForOneFormatOrForAnythingElse() {
        assertThat(accept("allow-utf-8", false, "PrometheusProto")).isEqualTo(PROTOBUF + ";q=0.6,*/*;q=0.5");
        assertThat(accept("allow-utf-8", false, "OpenMetricsText1.0.0"))
                .isEqualTo("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,*/*;q=0.5");
        assertThat(accept("allow-utf-8", false, "OpenMetricsText0.0.1"))
                .isEqualTo("application/openmetrics-text;version=0.0.1;q=0.6,*/*;q=0.5");
        assertThat(accept("allow-utf-8", false, "PrometheusText1.0.0"))
                .isEqualTo("text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,*/*;q=0.5");
        assertThat(accept("allow-utf-8", false, "PrometheusText0.0.4"))
                .isEqualTo("text/plain;version=0.0.4;q=0.6,*/*;q=0.5");
    }

    @Test
    void putsProtobufFirstOnlyWhereTheConfigurationSaysNothing() {
        String text = "application/openmetrics-text;version=1.0.0;escaping=dots;q=0.%d,"
                + "application/openmetrics-text;version=0.0.1;q=0.%d,"
                + "text/plain;version=1.0.0;escaping=dots;q=0.%d,text/plain;version=0.0.4;q=0.%d,*/*;q=0.%d";
        assertThat(accept("dots", false)).isEqualTo(String.format(text, 6, 5, 4, 3, 2));
        assertThat(accept("dots", true)).isEqualTo(PROTOBUF + ";q=0.6," + String.format(text, 5, 4, 3, 2, 1));
        assertThat(accept("dots", true, "PrometheusText0.0.4", "PrometheusProto"))
                .isEqualTo("text/plain;version=0.0.4;q=0.6," + PROTOBUF + ";q=0.5,*/*;q=0.4");
    }

    @Test
    void saysHowNamesAreToBeEscaped() {
        for (String escaping : List.of("allow-utf-8", "underscores", "dots", "values")) {
            assertThat(accept(escaping, false, "PrometheusText1.0.0")).contains(";escaping=" + escaping + ";q=0.6");
        }
    }
}
