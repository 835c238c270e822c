package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.narthex.itests.sample.LeakingExporter;

/** The exporters in the box, configured as users do: the host, MBeans by rules, and the framework with a class loader that leaks. */
public class ExportersIT {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void measureTheHostTheBeansAndTheFramework() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            Path conf = narthex.home().resolve("conf");
            Path texts = folder.newFolder().toPath();
            Files.writeString(texts.resolve("job.prom"), "job_done 7\n");
            Files.writeString(
                    conf.resolve("org.narthex.exporter.node.cfg"),
                    "collector.arp=false\ncollector.textfile.directory=" + texts + "\n");
            Files.writeString(
                    conf.resolve("org.narthex.exporter.jmx.cfg"), "config.file=${narthex.home}/conf/jmx.yml\n");
            Files.writeString(conf.resolve("jmx.yml"), """
                    includeObjectNames: ["java.lang:type=Threading"]
                    rules:
                      - pattern: 'java.lang<type=Threading><>(Peak)ThreadCount'
                        name: threads
                        labels: { kind: $1 }
                    """);
            narthex.configure("""
                            global: { scrape_interval: 1s }
                            scrape_configs:
                              - job_name: node
                                static_configs: [ { targets: [host], labels: { __exporter__: node } } ]
                              - job_name: jmx
                                static_configs: [ { targets: [host], labels: { __exporter__: jmx } } ]
                              - job_name: osgi
                                static_configs: [ { targets: [host], labels: { __exporter__: osgi } } ]
                            """).start();

            await(
                    "text file read",
                    30,
                    () -> narthex.query("job_done{job=\"node\"} == 7").size() == 1);
            assertThat(narthex.value("count(node_scrape_collector_success)")).isGreaterThan(30);
            assertThat(narthex.query("node_scrape_collector_success{collector=\"arp\"}"))
                    .isEmpty();
            assertThat(narthex.query("node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"}"))
                    .hasSize(1);

            await(
                    "rules applied",
                    30,
                    () -> narthex.query("threads{kind=\"Peak\"} > 1").size() == 1);
            // Until the file is found at the start, the rule is the default one.
            await("what no rule is for gone", 30, () -> narthex.query("{__name__=~\"java_lang_.*\",job=\"jmx\"}")
                    .isEmpty());

            await(
                    "framework measured",
                    30,
                    () -> narthex.query("osgi_bundles{state=\"active\"} > 20").size() == 1);
            assertThat(narthex.value("osgi_components{state=\"failed_activation\"}"))
                    .isZero();
            assertThat(narthex.value("osgi_components{state=\"active\"}")).isGreaterThan(10);
            assertThat(narthex.query("osgi_bundle_state{bundle=\"org.narthex.exporter-osgi\"} == 32"))
                    .hasSize(1);
            // Files of configuration are found while the first scrapes are under way.
            await(
                    "configuration measured",
                    30,
                    () -> narthex.query("osgi_configuration_info{pid=\"org.narthex.exporter.jmx\"}")
                                    .size()
                            == 1);
            assertThat(narthex.value("osgi_leaked_class_loaders")).isZero();

            Path jar = PluginJar.deploy(LeakingExporter.class, narthex.home().resolve("deploy"));
            await("leaking there", 30, () -> narthex.query("leaking_present").size() == 1);
            Files.delete(jar);
            await(
                    "its class loader stale",
                    30,
                    () -> narthex.query("osgi_stale_class_loaders == 1").size() == 1);
            await("its class loader leaked", 30, () -> {
                collectGarbage(narthex);
                return narthex.query("osgi_leaked_class_loaders == 1").size() == 1;
            });
            assertThat(narthex.query("osgi_bundle_leaked_class_loaders{bundle=\"" + LeakingExporter.class.getName()
                            + "\"} == 1"))
                    .hasSize(1);
        }
    }

    private static void collectGarbage(RunningNarthex narthex) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(
                        jcmd.toString(), Long.toString(narthex.process().pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
}
