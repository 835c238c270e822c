package org.narthex.exporter.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.scrape.Exporter;
import org.narthex.testkit.ExporterContract;
import org.narthex.testkit.ExporterContractSink;

class ProcessExporterTest extends ExporterContract {
    @TempDir
    private Path proc;

    @Override
    protected Exporter exporter() {
        return new ProcessExporter();
    }

    @Test
    void readsWhatTheKernelTells() throws Exception {
        Files.writeString(
                proc.resolve("stat"),
                "42 (a (b) c) S 1 1 1 0 -1 4194304 98 0 0 0 250 50 0 0 20 0 1 0 297695 3133440 359 184467\n");
        Files.writeString(proc.resolve("status"), "Name:\tjava\nVmHWM:\t 9000 kB\nVmRSS:\t    1536 kB\n");
        Files.writeString(proc.resolve("limits"), """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            20000                40000                files
                """);
        Files.createDirectories(proc.resolve("fd/0"));
        Files.createDirectories(proc.resolve("fd/1"));
        ExporterContractSink metrics = collect(new ProcessExporter(proc, Instant.ofEpochMilli(1_500)));
        assertThat(metrics.value("process_start_time_seconds")).isEqualTo(1.5);
        assertThat(metrics.value("process_cpu_seconds_total")).isEqualTo(3);
        assertThat(metrics.value("process_virtual_memory_bytes")).isEqualTo(3_133_440);
        assertThat(metrics.value("process_resident_memory_bytes")).isEqualTo(1536 * 1024);
        assertThat(metrics.value("process_max_fds")).isEqualTo(20_000);
        assertThat(metrics.value("process_open_fds")).isEqualTo(2);
    }

    @Test
    void doesWithoutProc() throws Exception {
        ExporterContractSink metrics = collect(new ProcessExporter(proc.resolve("none"), Instant.EPOCH));
        assertThat(metrics.value("process_start_time_seconds")).isZero();
        assertThat(metrics.families()).doesNotContainKey("process_open_fds");
    }
}
