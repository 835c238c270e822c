package org.narthex.exporter.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.narthex.api.scrape.Exporter;
import org.narthex.testkit.ExporterContract;
import org.narthex.testkit.ExporterContractSink;

class JvmExporterTest extends ExporterContract {
    @Override
    protected Exporter exporter() {
        return new JvmExporter();
    }

    @Test
    void measuresThisJvm() throws Exception {
        ExporterContractSink metrics = collect(exporter());
        assertThat(metrics.value("jvm_memory_used_bytes", "area", "heap")).isPositive();
        assertThat(metrics.value("jvm_threads_current")).isPositive();
        assertThat(metrics.value("jvm_threads_state", "state", "RUNNABLE")).isPositive();
        assertThat(metrics.value("jvm_classes_currently_loaded")).isPositive();
        assertThat(metrics.value("jvm_buffer_pool_used_bytes", "pool", "direct"))
                .isNotNegative();
    }
}
