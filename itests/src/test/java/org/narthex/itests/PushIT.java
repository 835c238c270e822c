package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The Pushgateway's API of the running distribution: what is pushed is scraped under its own labels, and there after a restart. */
public class PushIT {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static void push(RunningNarthex narthex, String path, String body) throws Exception {
        // As curl does it; a servlet that asked for parameters would find no body any more.
        HttpRequest request = HttpRequest.newBuilder(narthex.uri(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).isEmpty();
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    public void whatIsPushedIsScrapedWithItsOwnLabels() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            narthex.configure("global: { scrape_interval: 200ms }\n").start();
            assertThat(narthex.query("up{job=\"pushgateway\"}")).isEmpty();
            push(narthex, "/push/metrics/job/backup/instance/db1", "backup_bytes 5\n");
            push(narthex, "/metrics/job@base64/L3Zhci90bXA?ttl=1h", "clean_bytes{instance=\"x\"} 6\nplain 7\n");
            await("scraped", 30, () -> narthex.value("plain") == 7);
            assertThat(narthex.value("backup_bytes{job=\"backup\",instance=\"db1\"}"))
                    .isEqualTo(5);
            assertThat(narthex.value("clean_bytes{job=\"/var/tmp\",instance=\"x\"}"))
                    .isEqualTo(6);
            assertThat(narthex.value("plain{job=\"/var/tmp\",instance=\"\"}")).isEqualTo(7);
            assertThat(narthex.value("push_time_seconds{job=\"backup\"}")).isGreaterThan(1e9);
            assertThat(narthex.value("up{job=\"pushgateway\"}")).isEqualTo(1);

            narthex.terminate();
            narthex.start();
            assertThat(narthex.get("/push/metrics").body())
                    .contains("backup_bytes{instance=\"db1\",job=\"backup\"} 5\n");
            assertThat(narthex.get("/push/api/v1/metrics").body()).contains("\"last_push_successful\":true");
        }
    }
}
