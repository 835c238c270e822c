package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

class ProbeRequestsTest {
    private static final String YAML = "modules: { m: { prober: tcp, timeout: 10s } }";

    private static ProbeRequests.Answer ask(String... parameters) throws IOException {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.put(parameters[i], parameters[i + 1]);
        }
        return Probes.ask(YAML, map);
    }

    @Test
    void refusesBadRequests() throws Exception {
        assertThat(ask("module", "m").body()).isEqualTo("Target parameter is missing\n");
        assertThat(ask("module", "m").status()).isEqualTo(400);
        assertThat(ask("module", "x", "target", "y").body()).isEqualTo("Unknown module \"x\"\n");
        assertThat(ask("target", "y").body()).isEqualTo("Unknown module \"http_2xx\"\n");
        assertThat(ask("module", "m", "target", "y", "scrape-timeout", "soon").status())
                .isEqualTo(500);
    }

    @Test
    void aRequestWithoutATimeHasTwoMinutes() throws Exception {
        Map<String, String> parameters = Map.of("module", "m", "target", "x", "debug", "true");
        assertThat(Probes.ask("modules: { m: { prober: tcp } }", parameters).body())
                .contains("timeout_seconds=119.5");
    }

    @Test
    void refusesTwoNamesOfAServer() throws Exception {
        String yaml = "modules: { m: { prober: http, http: { headers: { host: a.example } } } }";
        Map<String, String> parameters = Map.of("module", "m", "target", "127.0.0.1:1", "hostname", "b.example");
        ProbeRequests.Answer refused = Probes.ask(yaml, parameters);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body())
                .isEqualTo("host header defined both in module configuration (a.example) and with URL-parameter "
                        + "'hostname' (b.example)\n");
        assertThat(Probes.ask(yaml.replace("a.example", "b.example"), parameters)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void answersMetricsAndTheLogOnlyWhenAsked() throws Exception {
        ProbeRequests.Answer plain = ask("module", "m", "target", "no port");
        assertThat(plain.status()).isEqualTo(200);
        assertThat(plain.contentType()).startsWith("text/plain; version=0.0.4");
        assertThat(plain.body()).contains("probe_success 0\n").doesNotContain("Logs for the probe");
        assertThat(ask("module", "m", "target", "no port", "debug", "true").body())
                .contains(
                        "Logs for the probe:\n", "missing port in address", "Metrics that would have been returned:\n")
                .contains("Module configuration:\n", "prober: \"tcp\"");
    }

    @Test
    void theShorterTimeCounts() throws Exception {
        assertThat(ask("module", "m", "target", "x", "debug", "true").body()).contains("timeout_seconds=10.0");
        assertThat(ask("module", "m", "target", "x", "debug", "true", "scrape-timeout", "3")
                        .body())
                .contains("timeout_seconds=2.5");
        assertThat(ask("module", "m", "target", "x", "debug", "true", "scrape-timeout", "30")
                        .body())
                .contains("timeout_seconds=10.0");
    }
}
