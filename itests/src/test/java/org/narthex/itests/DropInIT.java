package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.narthex.itests.sample.SampleChannel;
import org.narthex.itests.sample.SampleExporter;

/** Jars dropped into {@code deploy/} of a running distribution, and taken away again. */
public class DropInIT {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void anExporterWorksWhileItsJarIsThere() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath()).start()) {
            await("FileInstall there", 30, () -> narthex.status("/system/console/bundles") == 401);
            Path jar = PluginJar.deploy(SampleExporter.class, narthex.home().resolve("deploy"));
            await(
                    "greenhouse scraped",
                    30,
                    () -> narthex.query("greenhouse_temperature_celsius{job=\"greenhouse\"}")
                                    .size()
                            == 1);
            assertThat(narthex.value("up{job=\"greenhouse\"}")).isEqualTo(1);

            Files.delete(jar);
            await("its series stale", 30, () -> narthex.query("greenhouse_temperature_celsius")
                    .isEmpty());
            assertThat(narthex.data("targets").toString()).doesNotContain("greenhouse");
        }
    }

    @Test
    public void notificationsWaitForAChannelAndArriveWhenItsJarIsDroppedIn() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            Path logbook = folder.getRoot().toPath().resolve("logbook");
            Files.writeString(narthex.home().resolve("conf/always.rules.yml"), """
                    groups:
                      - name: always
                        rules: [ { alert: Always, expr: vector(1) } ]
                    """);
            Files.writeString(narthex.home().resolve("conf/am.yml"), """
                    route: { receiver: book, group_wait: 0s, group_interval: 1s }
                    receivers: [ { name: book, logbook_configs: [ { file: "%s" } ] } ]
                    """.formatted(logbook));
            narthex.configure("""
                            global: { scrape_interval: 1s, evaluation_interval: 1s }
                            rule_files: [ always.rules.yml ]
                            """)
                    .flag("--alertmanager.config.file=" + narthex.home().resolve("conf/am.yml"))
                    .start();
            await(
                    "alert firing",
                    30,
                    () -> narthex.query("ALERTS{alertstate=\"firing\"}").size() == 1);
            assertThat(logbook).doesNotExist();

            PluginJar.deploy(SampleChannel.class, narthex.home().resolve("deploy"));
            await("notification delivered", 30, () -> Files.exists(logbook) && Files.size(logbook) > 0);
            assertThat(Files.readString(logbook)).startsWith("firing Always");
        }
    }
}
