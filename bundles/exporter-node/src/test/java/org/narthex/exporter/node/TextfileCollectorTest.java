package org.narthex.exporter.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.narthex.testkit.DamagedInput;
import org.narthex.testkit.ExporterContractSink;

class TextfileCollectorTest {
    @TempDir
    private Path folder;

    private Page collect(String where) {
        Families families = new Families();
        new TextfileCollector(where).collect(families);
        ExporterContractSink sink = new ExporterContractSink();
        families.moveTo(sink);
        assertThat(sink.faults()).isEmpty();
        return Page.of(sink);
    }

    private Page collect() {
        return collect(folder.toString());
    }

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochMilli(1_700_000_000_900L)));
    }

    @Test
    void writesWhatFilesHoldAndWhenTheyWereWritten() throws Exception {
        file("job.prom", """
                # HELP job_last_success_seconds When it \\\\ last went well.
                # TYPE job_last_success_seconds gauge
                job_last_success_seconds{job="a \\"b\\"", host = "h",} 1.5e9
                # for people
                # TYPE job_seconds histogram
                job_seconds_bucket{le="1"} 3
                job_seconds_bucket{le="+Inf"} 4
                job_seconds_sum 5
                job_seconds_count 4

                plain\t+Inf
                """);
        file("ignored.txt", "nothing 1\n");
        Page page = collect();
        assertThat(page.values())
                .containsEntry("job_last_success_seconds{host=\"h\",job=\"a \\\"b\\\"\"}", 1.5e9)
                .containsEntry("job_seconds_bucket{le=\"+Inf\"}", 4.0)
                .containsEntry("plain", Double.POSITIVE_INFINITY)
                .containsEntry(
                        "node_textfile_mtime_seconds{file=\"" + folder.resolve("job.prom") + "\"}", 1_700_000_000.0)
                .containsEntry("node_textfile_scrape_error", 0.0)
                .doesNotContainKey("nothing");
        assertThat(page.families())
                .containsEntry("job_seconds", "histogram Metric read from " + folder.resolve("job.prom"))
                .containsEntry("plain", "unknown Metric read from " + folder.resolve("job.prom"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ok 1\nbad 2 1700000000000\n",
                "ok 1\nbad 2",
                "ok 1\nbad 0x10\n",
                "ok 1\nbad 1d\n",
                "ok 1\nbad\n",
                "ok 1\nok 2\n",
                "ok 1\nbad{a=\"1\" b=\"2\"} 1\n",
                "ok 1\nbad{a=\"1} 1\n",
                "ok 1\nbad{a=\"1\",a=\"2\"} 1\n",
                "ok 1\nbad{1a=\"1\"} 1\n",
                "ok 1\nbad{a=\"\\x\"} 1\n",
                "ok 1\n2bad 1\n",
                "ok 1\n# TYPE ok gauge\n",
                "ok 1\n# TYPE bad number\n",
                "# TYPE ok gauge\n# TYPE ok gauge\nok 1\n"
            })
    void leavesAFileThatIsNotRightOutWhole(String text) throws Exception {
        file("bad.prom", text);
        file("good.prom", "good 7\n");
        Page page = collect();
        assertThat(page.values())
                .containsEntry("good", 7.0)
                .containsEntry("node_textfile_scrape_error", 1.0)
                .doesNotContainKey("ok")
                .doesNotContainKey("node_textfile_mtime_seconds{file=\"" + folder.resolve("bad.prom") + "\"}");
    }

    @Test
    void letsTwoFilesShareAFamilyButNoSeries() throws Exception {
        file("a.prom", "# HELP f one\n# TYPE f gauge\nf{x=\"1\"} 1\n");
        file("b.prom", "# HELP f one\n# TYPE f gauge\nf{x=\"2\"} 2\n");
        assertThat(collect().values())
                .containsEntry("f{x=\"1\"}", 1.0)
                .containsEntry("f{x=\"2\"}", 2.0)
                .containsEntry("node_textfile_scrape_error", 0.0);
        file("b.prom", "# HELP f one\n# TYPE f gauge\nf{x=\"1\"} 2\n");
        assertThat(collect().values())
                .containsEntry("f{x=\"1\"}", 1.0)
                .containsEntry("node_textfile_scrape_error", 1.0);
        file("b.prom", "# HELP f two\n# TYPE f gauge\nf{x=\"2\"} 2\n");
        assertThat(collect().values()).containsEntry("node_textfile_scrape_error", 1.0);
        file("b.prom", "# TYPE f counter\nf{x=\"2\"} 2\n");
        assertThat(collect().values()).containsEntry("node_textfile_scrape_error", 1.0);
    }

    @Test
    void readsEveryFolderOfAPattern() throws Exception {
        Files.createDirectories(folder.resolve("one"));
        Files.createDirectories(folder.resolve("two"));
        file("one/a.prom", "a 1\n");
        file("two/b.prom", "b 2\n");
        assertThat(collect(folder + "/*").values()).containsKeys("a", "b");
    }

    @Test
    void saysThatAFolderIsMissing() {
        assertThat(collect(folder + "/none").values()).containsEntry("node_textfile_scrape_error", 1.0);
        assertThat(collect("").values()).containsEntry("node_textfile_scrape_error", 0.0);
    }

    @Test
    void damagedFilesAreTakenOrRefused() throws Exception {
        String sound = """
                # HELP a_total A \\"thing\\".
                # TYPE a_total counter
                a_total{x="1",y="\u00e4\\\\"} 1
                # TYPE h histogram
                h_bucket{le="1"} 2
                h_bucket{le="+Inf"} 3
                h_sum 4.5
                h_count 3
                # TYPE s summary
                s{quantile="0.5"} 1e3
                s_sum 1
                s_count 1
                plain NaN
                """;
        DamagedInput.isTakenOrRefused(3_000, sound, TextFormat.Fault.class, bytes -> assertThat(
                        TextFormat.parse(new String(bytes, StandardCharsets.UTF_8)))
                .isNotNull());
    }
}
