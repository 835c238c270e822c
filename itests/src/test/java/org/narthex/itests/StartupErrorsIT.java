package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What cannot start says so in one line and ends with a non-zero exit code. */
public class StartupErrorsIT {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private void assertRefused(RunningNarthex narthex, String message) throws Exception {
        Process process = narthex.launch();
        assertThat(process.waitFor(15, TimeUnit.SECONDS)).as("ends by itself").isTrue();
        assertThat(process.exitValue()).isNotZero();
        assertThat(narthex.readLog().lines().filter(line -> line.startsWith("narthex: ")))
                .singleElement()
                .asString()
                .contains(message);
    }

    @Test
    public void aPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            narthex.flag("--web.listen-address=127.0.0.1:" + taken.getLocalPort());
            assertRefused(narthex, ":" + taken.getLocalPort());
        }
    }

    @Test
    public void aMissingConfiguration() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            assertRefused(narthex.flag("--config.file=/no/such/prometheus.yml"), "/no/such/prometheus.yml");
        }
    }

    @Test
    public void aBrokenConfiguration() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            narthex.configure("global: {}\nscrape_configs:\n  - job_nam: a\n");
            assertRefused(narthex, "prometheus.yml:3: unknown key job_nam");
        }
    }

    @Test
    public void aBrokenRule() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            Files.writeString(
                    narthex.home().resolve("conf/bad.yml"),
                    "groups:\n  - name: g\n    rules:\n      - record: a\n        expr: sum(\n");
            narthex.configure("rule_files: [ bad.yml ]\n");
            assertRefused(narthex, "bad.yml:5");
        }
    }

    @Test
    public void aBrokenReceiver() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            var file = narthex.home().resolve("conf/am.yml");
            Files.writeString(
                    file,
                    "route: { receiver: x }\nreceivers:\n  - name: x\n    webhook_configs:\n      - ur: http://a\n");
            assertRefused(narthex.flag("--alertmanager.config.file=" + file), "am.yml:5");
        }
    }

    @Test
    public void anUnknownFlag() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            assertRefused(narthex.flag("--storage.tsdb.pth=x"), "storage.tsdb.pth");
        }
    }

    @Test
    public void aDataFolderThatAnotherProcessUses() throws Exception {
        try (RunningNarthex first = new RunningNarthex(folder.newFolder().toPath()).start();
                RunningNarthex second = new RunningNarthex(folder.newFolder().toPath())) {
            second.flag("--storage.tsdb.path=" + first.data());
            assertRefused(second, first.data().toString());
            assertThat(first.status("/-/ready")).isEqualTo(200);
        }
    }

    @Test
    public void anInvalidReloadIsRefusedWholeAndTheOldConfigurationStands() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            narthex.configure("scrape_configs:\n  - job_name: first\n");
            narthex.flag("--web.enable-lifecycle").start();
            narthex.configure("scrape_configs:\n  - job_name: second\n    scrape_interval: soon\n");
            var refused = narthex.post("/-/reload");
            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(refused.body()).contains("prometheus.yml:3").contains("soon");
            assertThat(narthex.data("status/config").getString("yaml")).contains("first");

            narthex.configure("scrape_configs:\n  - job_name: third\n");
            assertThat(narthex.post("/-/reload").statusCode()).isEqualTo(200);
            assertThat(narthex.data("status/config").getString("yaml")).contains("third");

            narthex.configure("scrape_configs:\n  - job_name: fourth\n");
            new ProcessBuilder("kill", "-HUP", Long.toString(narthex.process().pid()))
                    .start()
                    .waitFor();
            await("reloaded by SIGHUP", 30, () -> narthex.data("status/config")
                    .getString("yaml")
                    .contains("fourth"));
        }
    }
}
