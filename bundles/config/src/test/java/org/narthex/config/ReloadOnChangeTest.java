package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadOnChangeTest {
    private static final long NEVER = 1_000_000_000;

    @TempDir
    Path folder;

    @Test
    void reloadsOnceForEachChangeOfAnyFile() throws IOException {
        Path main = Texts.write(folder, "p.yml", "rule_files: [rules/*.yml]\nscrape_config_files: [more.yml]\n");
        Path rule = Texts.write(folder, "rules/a.yml", "groups: []\n");
        Path alerting = Texts.write(folder, "am.yml", "receivers: []\n");
        AtomicInteger reloads = new AtomicInteger();
        try (ReloadOnChange watch = new ReloadOnChange(
                () -> ConfigFiles.checksum(main.toString(), alerting.toString()), reloads::incrementAndGet, NEVER)) {
            watch.look();
            assertThat(reloads).hasValue(0);
            Files.writeString(rule, "groups: [ ]\n");
            watch.look();
            watch.look();
            assertThat(reloads).hasValue(1);
            Texts.write(folder, "rules/b.yml", "groups: []\n");
            watch.look();
            assertThat(reloads).hasValue(2);
            Texts.write(folder, "more.yml", "scrape_configs: []\n");
            watch.look();
            assertThat(reloads).hasValue(3);
            Files.writeString(alerting, "receivers: [ ]\n");
            watch.look();
            assertThat(reloads).hasValue(4);
            Files.writeString(main, "not: [valid\n");
            watch.look();
            watch.look();
            assertThat(reloads).hasValue(5);
            Files.delete(main);
            watch.look();
            assertThat(reloads).hasValue(6);
        }
    }
}
