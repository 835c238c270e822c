package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.config.ConfigSource;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TextExposition;

class ConfigExporterTest {
    private static String metrics(Optional<AlertingConfig> alerting) throws IOException {
        Configuration.Global global = new Configuration.Global(1, 1, 1, Labels.EMPTY);
        Configuration current = new Configuration(
                1, 1_700_000_000_500L, "", global, List.of(), List.of(), alerting, StorageConfig.DEFAULT, List.of());
        TextExposition text = new TextExposition();
        new ConfigExporter(new ConfigSource() {
                    @Override
                    public Configuration current() {
                        return current;
                    }

                    @Override
                    public void reload() {}

                    @Override
                    public boolean lastReloadSuccessful() {
                        return false;
                    }
                })
                .collect(text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tellsOfTheAlertmanagersFileOnlyWhereThereIsOne() throws IOException {
        assertThat(metrics(Optional.empty()))
                .contains("prometheus_config_last_reload_successful 0\n")
                .contains("prometheus_config_last_reload_success_timestamp_seconds 1.7000000005e+09\n")
                .doesNotContain("alertmanager");
        Route root = new Route("team", List.of(), false, 0, 1, 1, List.of(), false, List.of());
        AlertingConfig alerting = new AlertingConfig(
                1,
                root,
                Map.of("team", new Receiver("team", List.of())),
                List.of(),
                Map.of(),
                List.of(),
                "route: {receiver: team}\n");
        // The first six bytes of what md5sum says of that text, the last of them first.
        assertThat(metrics(Optional.of(alerting)))
                .contains("alertmanager_config_last_reload_successful 0\n")
                .contains("alertmanager_config_last_reload_success_timestamp_seconds 1.7000000005e+09\n")
                .contains("alertmanager_config_hash 1.6796951579121e+14\n");
    }
}
