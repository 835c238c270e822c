package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The example {@code model-watch} as its README shows it, with other ports, and with drift and retraining as soon as there is something to see. */
public class ModelWatchIT {
    private static final Path EXAMPLE = Path.of(
                    System.getProperty("narthex.distribution", "../distribution/target/narthex"))
            .resolve("../../../examples/model-watch")
            .normalize();

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final int modelPort = freePort();
    private final int pagerPort = freePort();
    private Path said;
    private Process model;
    private RunningNarthex narthex;

    private static int freePort() {
        try {
            return RunningNarthex.freePort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Before
    public void start() throws Exception {
        said = folder.newFile("model.log").toPath();
        model = new ProcessBuilder(
                        "node",
                        EXAMPLE.resolve("run.mjs").toString(),
                        "--port=" + modelPort,
                        "--pager-port=" + pagerPort,
                        "--drift-after=0",
                        "--retrain-after=0")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        narthex = new RunningNarthex(folder.newFolder().toPath());
        Path conf = narthex.home().resolve("conf");
        for (String file : new String[] {"prometheus.yml", "rules.yml", "alertmanager.yml"}) {
            Files.writeString(
                    conf.resolve(file),
                    Files.readString(EXAMPLE.resolve(file))
                            .replace("localhost:8000", "localhost:" + modelPort)
                            .replace("localhost:8001", "localhost:" + pagerPort));
        }
        narthex.flag("--alertmanager.config.file=" + conf.resolve("alertmanager.yml"))
                .start();
    }

    @After
    public void stop() throws Exception {
        if (narthex != null) {
            narthex.close();
        }
        model.destroyForcibly().waitFor();
    }

    private void tellModel(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + modelPort + path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void awaitPager(String status) throws Exception {
        await("accuracy and both inputs " + status + " at the pager: " + Files.readString(said), 30, () -> {
            String lines = Files.readString(said);
            return lines.contains("PAGER " + status + " ModelAccuracyLow: the model is right in ")
                    && lines.contains("PAGER " + status + " ModelInputsDrifted (temperature): ")
                    && lines.contains("PAGER " + status + " ModelInputsDrifted (vibration): ");
        });
    }

    @Test
    public void driftReachesThePagerAndRetrainingEndsIt() throws Exception {
        await("the accuracy known", 30, () -> narthex.value("job:model_accuracy:ratio") > 0.9);
        // Drift needs a longer past than accuracy.
        await(
                "the drift of both inputs known",
                30,
                () -> narthex.query("job_model_feature:model_inputs:psi").size() == 2);
        assertThat(Files.readString(said)).contains("model 1 is trained").doesNotContain("PAGER");

        tellModel("/drift");
        awaitPager("FIRING");
        assertThat(narthex.value("job:model_accuracy:ratio")).isLessThan(0.85);
        // It does not know that it is wrong.
        assertThat(narthex.value("job:model_confidence:avg")).isGreaterThan(0.8);

        tellModel("/retrain");
        awaitPager("RESOLVED");
        await("the accuracy good again", 30, () -> narthex.value("job:model_accuracy:ratio") > 0.9);
        assertThat(narthex.value("max(job_model_feature:model_inputs:psi{model=\"2\"})"))
                .isLessThan(0.25);
        assertThat(narthex.query("ALERTS{alertname=~\"ModelAccuracyLow|ModelInputsDrifted\"}"))
                .isEmpty();
    }
}
