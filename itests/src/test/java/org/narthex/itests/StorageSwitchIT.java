package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The storage back-end switched while scrapes go on: by a configuration file that comes and goes. */
public class StorageSwitchIT {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void scrapesGoOnIntoWhicheverStorageIsThere() throws Exception {
        try (TextTarget target = new TextTarget().answer("scrape_number $scrape\n");
                RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            narthex.configure("""
                            global: { scrape_interval: 1s }
                            scrape_configs:
                              - job_name: t
                                static_configs: [ { targets: ["%s"] } ]
                            """.formatted(target.address())).start();
            await("samples on disk", 30, () -> narthex.value("count_over_time(scrape_number[1h])") >= 2);
            double onDisk = narthex.value("min_over_time(scrape_number[1h])");

            Path configuration = narthex.home().resolve("conf/org.narthex.storage.memory.cfg");
            Files.writeString(configuration, "");
            await("memory in use", 30, () -> narthex.value("min_over_time(scrape_number[1h])") > onDisk);
            double firstInMemory = narthex.value("min_over_time(scrape_number[1h])");

            Files.delete(configuration);
            await("disk in use again", 30, () -> narthex.value("min_over_time(scrape_number[1h])") == onDisk);
            await("appending again", 30, () -> narthex.value("scrape_number") > firstInMemory);
            assertThat(narthex.get("/-/ready").statusCode()).isEqualTo(200);
        }
    }
}
