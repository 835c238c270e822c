package org.narthex.itests.sample;

import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Component;

/** What a plug-in author writes first. */
@Component(property = {Exporter.NAME + "=greenhouse", Exporter.INTERVAL + "=1s"})
public final class SampleExporter implements Exporter {
    @Override
    public void collect(MetricSink sink) {
        sink.gauge("greenhouse_temperature_celsius", "Temperature at the door.", 21.5, "house", "north");
    }
}
