package org.narthex.exporter.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.DocumentReader;
import org.narthex.api.scrape.Exporter;
import org.narthex.testkit.ExporterContract;
import org.narthex.testkit.ExporterContractSink;

class JmxExporterTest extends ExporterContract {
    /** Stands in for YAML: each line of the file is one rule's pattern, or a delay. */
    private static final DocumentReader DOCUMENTS = file -> {
        String text = Files.readString(file);
        if (text.startsWith("delay")) {
            return ConfigNode.of(Map.of("startDelaySeconds", "10"));
        }
        return SettingsReaderTest.node(Map.of("rules", List.of(Map.of("pattern", text, "name", "found"))));
    };

    @TempDir
    private Path folder;

    private Instant now = Instant.ofEpochSecond(1000);

    @Override
    protected Exporter exporter() {
        return new JmxExporter(
                ManagementFactory::getPlatformMBeanServer,
                new RuleFile(Optional.empty(), DOCUMENTS),
                Clock.systemUTC());
    }

    private Path write(String text, int second) throws IOException {
        Path file = Files.writeString(folder.resolve("rules.yml"), text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(second)));
        return file;
    }

    private JmxExporter exporter(Path file) {
        return new JmxExporter(
                ManagementFactory::getPlatformMBeanServer, new RuleFile(Optional.of(file), DOCUMENTS), () -> now);
    }

    @Test
    void readsThePlatformsBeans() throws Exception {
        ExporterContractSink sink = collect(exporter());
        assertThat(sink.value("java_lang_Memory_HeapMemoryUsage_used")).isPositive();
        assertThat(sink.value("java_lang_Threading_ThreadCount")).isPositive();
        assertThat(sink.value("jmx_scrape_error")).isZero();
        assertThat(sink.value("jmx_scrape_duration_seconds")).isPositive();
    }

    @Test
    void readsTheRulesAgainWhenTheFileChangesAndKeepsThemIfItIsWrong() throws Exception {
        Path file = write("<type=Threading><>ThreadCount", 1);
        JmxExporter exporter = exporter(file);
        double threads = collect(exporter).value("found");
        assertThat(threads).isPositive();
        write("<type=ClassLoading><>LoadedClassCount", 2);
        ExporterContractSink changed = collect(exporter);
        assertThat(changed.value("found")).isGreaterThan(threads);
        assertThat(changed.value("jmx_config_reload_success_total")).isEqualTo(1);
        write("a(", 3);
        assertThat(collect(exporter).value("found")).isGreaterThan(threads);
        assertThat(collect(exporter).value("jmx_config_reload_failure_total")).isEqualTo(1);
    }

    @Test
    void failsUntilTheRulesAreRight() throws Exception {
        JmxExporter exporter = exporter(write("a(", 1));
        assertThatThrownBy(() -> collect(exporter)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> collect(exporter)).isInstanceOf(ConfigException.class);
        write("<type=Threading><>ThreadCount", 2);
        assertThat(collect(exporter).value("found")).isPositive();
    }

    @Test
    void waitsAsLongAsTheRulesSay() throws Exception {
        JmxExporter exporter = exporter(write("delay", 1));
        assertThat(collect(exporter).families()).doesNotContainKey("jmx_scrape_error");
        now = now.plusSeconds(10);
        assertThat(collect(exporter).value("jmx_scrape_error")).isZero();
    }
}
