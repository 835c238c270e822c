package org.narthex.exporter.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.testkit.ExporterContractSink;

class CpuCollectorTest {
    @TempDir
    private Path proc;

    private CpuCollector collector() {
        KernelFiles files = new KernelFiles(proc);
        return new CpuCollector(files, files, true, new CpuInfo(files, false, Optional.empty(), Optional.empty()));
    }

    private double idle(CpuCollector collector, long ticks) throws IOException {
        Files.writeString(proc.resolve("stat"), "cpu  1 1 1 1\ncpu0 1 2 3 " + ticks + " 5 6 7 8 9 10\n");
        ExporterContractSink sink = new ExporterContractSink();
        collector.collect(sink);
        return sink.value("node_cpu_seconds_total", "cpu", "0", "mode", "idle");
    }

    @Test
    void hidesThatTheKernelCountsBackALittle() throws IOException {
        CpuCollector collector = collector();
        assertThat(idle(collector, 1_000)).isEqualTo(10);
        assertThat(idle(collector, 990)).isEqualTo(10);
        assertThat(idle(collector, 1_100)).isEqualTo(11);
    }

    @Test
    void letsACpuThatWasOffBeginAnew() throws IOException {
        CpuCollector collector = collector();
        assertThat(idle(collector, 100_000)).isEqualTo(1_000);
        assertThat(idle(collector, 100)).isEqualTo(1);
    }
}
