package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** kill -9 while scraping: everything up to the last completed scrape is there after the restart. */
public class CrashIT {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void nothingThatAQuerySawIsLostByAKill() throws Exception {
        try (TextTarget target = new TextTarget().answer("scrape_number $scrape\n");
                RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            narthex.configure("""
                    global: { scrape_interval: 200ms, scrape_timeout: 200ms }
                    scrape_configs:
                      - job_name: t
                        static_configs: [ { targets: ["%s"] } ]
                    """.formatted(target.address()));
            double seen = 0;
            double first = 0;
            for (int round = 0; round < 2; round++) {
                narthex.start();
                double before = seen;
                await("new samples", 30, () -> narthex.value("max_over_time(scrape_number[1h])") > before + 5);
                seen = narthex.value("max_over_time(scrape_number[1h])");
                first = round == 0 ? narthex.value("min_over_time(scrape_number[1h])") : first;
                narthex.kill();
            }
            narthex.start();
            double newest = seen;
            assertThat(narthex.value("max_over_time(scrape_number[1h])")).isGreaterThanOrEqualTo(newest);
            assertThat(narthex.value("count_over_time((scrape_number <= " + newest + ")[1h:100ms])"))
                    .isPositive();
            assertThat(narthex.value("min_over_time(scrape_number[1h])")).isEqualTo(first);
            assertThat(narthex.readLog()).doesNotContain("level=ERROR");
        }
    }
}
