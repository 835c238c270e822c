package org.narthex.exporter.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.Exporter;
import org.narthex.testkit.ExporterContract;

class BuildInfoExporterTest extends ExporterContract {
    @Override
    protected Exporter exporter() {
        return new BuildInfoExporter("1.2.3");
    }

    @Test
    void namesTheVersion() throws Exception {
        assertThat(collect(exporter()).samples().keySet())
                .extracting((Labels series) -> series.get("version"))
                .containsExactly("1.2.3");
    }
}
