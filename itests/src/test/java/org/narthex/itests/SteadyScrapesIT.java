package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import jakarta.json.JsonObject;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A thousand targets that count their scrapes, while what is around them changes. The scrapes of a target are due once in each interval, however late
 * one may come on a busy machine: so many changes are made that one scrape lost by each would show.
 */
public class SteadyScrapesIT {
    private static final int TARGETS = 1000;
    private static final int INTERVAL_SECONDS = 2;
    private static final int CHANGES = 4;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Something that is done to the running Narthex. */
    private interface Change {
        void make(int number) throws Exception;
    }

    @Test
    public void missNoneWhileOtherJobsAndTheDiscoveryPluginChange() throws Exception {
        try (CountingTargets targets = new CountingTargets(TARGETS);
                RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            Path file = folder.getRoot().toPath().resolve("targets.json");
            targets.writeTo(file);
            narthex.configure(configuration(file, targets, 0))
                    .flag("--web.enable-lifecycle")
                    .flag("--scrape.series-budget-per-job=100")
                    .start();
            await("all scraped", 30, () -> narthex.value("count(up{job=\"steady\"} == 1)") == TARGETS);
            await("web console there", 30, () -> narthex.status("/system/console/bundles") == 401);
            String password = Files.readString(narthex.data().resolve("narthex/webconsole.password"))
                    .strip();

            assertNoneMissed("reload", targets, number -> {
                narthex.configure(configuration(file, targets, number + 1));
                assertThat(narthex.post("/-/reload").statusCode()).isEqualTo(200);
                await("other job changed", 30, () -> narthex.data("targets?scrapePool=other")
                        .toString()
                        .contains("\"round\":\"" + (number + 1)));
            });
            assertNoneMissed("plug-in", targets, number -> {
                for (String action : new String[] {"stop", "update", "start"}) {
                    assertThat(narthex.postAs(
                                    "admin",
                                    password,
                                    "/system/console/bundles/org.narthex.discovery",
                                    "action=" + action))
                            .isEqualTo(200);
                }
            });
            assertThat(narthex.value("min_over_time(count(up{job=\"steady\"} == 1)[16s:1s])"))
                    .as("targets at any time")
                    .isEqualTo(TARGETS);
            assertGuardReports(narthex);
        }
    }

    private static String configuration(Path file, CountingTargets targets, int round) {
        return """
                global: { scrape_interval: %ds, scrape_timeout: %ds }
                scrape_configs:
                  - job_name: steady
                    file_sd_configs: [ { files: [ "%s" ] } ]
                  - job_name: other
                    metrics_path: /t/0
                    static_configs: [ { targets: [ "%s" ], labels: { round: "%d" } } ]
                """.formatted(INTERVAL_SECONDS, INTERVAL_SECONDS, file, targets.address(), round);
    }

    /** Makes a change in each of some intervals, and compares what was scraped meanwhile with what was due. */
    private static void assertNoneMissed(String what, CountingTargets targets, Change change) throws Exception {
        int[] before = targets.counts();
        long start = System.nanoTime();
        for (int i = 0; i < CHANGES; i++) {
            change.make(i);
            int round = i;
            await(
                    "next interval",
                    60,
                    () -> System.nanoTime() - start > TimeUnit.SECONDS.toNanos((long) (round + 1) * INTERVAL_SECONDS));
        }
        int[] after = targets.counts();
        // The first and the last may be due a moment before or after the counting.
        int due = (int) ((System.nanoTime() - start) / TimeUnit.SECONDS.toNanos(INTERVAL_SECONDS)) - 1;
        int[] scraped = new int[TARGETS];
        // The one at 0 is scraped by the other job too.
        Arrays.setAll(scraped, i -> i == 0 ? due : after[i] - before[i]);
        assertThat(Arrays.stream(scraped).min().getAsInt())
                .as("scrapes of the target with fewest, " + what)
                .isGreaterThanOrEqualTo(due);
    }

    private static void assertGuardReports(RunningNarthex narthex) throws Exception {
        JsonObject job = narthex.data("cardinality?job=steady&limit=2")
                .getJsonArray("jobs")
                .getJsonObject(0);
        assertThat(job.getInt("series")).isEqualTo(20 * TARGETS);
        assertThat(job.getInt("budget")).isEqualTo(100);
        assertThat(job.getInt("over")).isEqualTo(20 * TARGETS - 100);
        JsonObject label = job.getJsonArray("labels").getJsonObject(0);
        assertThat(label.getString("name")).isEqualTo("target");
        assertThat(label.getInt("values")).isEqualTo(TARGETS);
        JsonObject excess = job.getJsonArray("wouldDrop").getJsonObject(0);
        assertThat(excess.getString("metric")).isEqualTo("queue_length");
        assertThat(excess.getString("label")).isEqualTo("target");
    }
}
