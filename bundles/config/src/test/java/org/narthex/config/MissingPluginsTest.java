package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.scrape.DiscoveryProvider;

class MissingPluginsTest {
    @TempDir
    Path folder;

    private final MissingPlugins plugins = new MissingPlugins();

    @AfterEach
    void stop() {
        plugins.stop();
    }

    @Test
    void namesTheBundleOfAMissingPlugIn() throws Exception {
        Path file = Texts.write(folder, "p.yml", """
                scrape_configs:
                  - job_name: a
                    consul_sd_configs: [{}]
                  - job_name: b
                    consul_sd_configs: [{}]
                    file_sd_configs: [{files: [x.yml]}]
                    vultr_sd_configs: [{}]
                """);
        Map<String, Object> filePlugin = Map.of(DiscoveryProvider.TYPE, "file");
        plugins.addDiscovery(null, filePlugin);
        plugins.apply(Texts.read(file));
        assertThat(plugins.report())
                .containsExactly(
                        "consul_sd_configs of job a, b waits for its plug-in: the bundle org.narthex.discovery-registry "
                                + "is not active; its last targets stay, other discoveries work",
                        "vultr_sd_configs of job b waits for its plug-in: no bundle of Narthex has it; its last targets "
                                + "stay, other discoveries work");
        assertThat(plugins.report()).as("said once").isEmpty();
        plugins.removeDiscovery(null, filePlugin);
        assertThat(plugins.report()).hasSize(1).first().asString().contains("org.narthex.discovery is not active");
        plugins.addDiscovery(null, filePlugin);
        plugins.removeDiscovery(null, filePlugin);
        assertThat(plugins.report()).as("it went again").hasSize(1);
    }

    @Test
    void saysOnceThatNothingExportsTraces() throws Exception {
        plugins.apply(Texts.read(Texts.write(folder, "p.yml", "tracing: {endpoint: 'h:1'}")));
        assertThat(plugins.report()).hasSize(1).first().asString().contains("org.narthex.tracing is not active");
        assertThat(plugins.report()).as("said once").isEmpty();
        plugins.apply(Texts.read(Texts.write(folder, "p.yml", "")));
        assertThat(plugins.report()).isEmpty();
    }
}
