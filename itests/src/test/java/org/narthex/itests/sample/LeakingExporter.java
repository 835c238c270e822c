package org.narthex.itests.sample;

import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Leaves something of itself behind when it goes: the JVM holds what is to run at its end. */
@Component(property = Exporter.NAME + "=leaking")
public final class LeakingExporter implements Exporter {
    @Activate
    public LeakingExporter() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("the end"), "leak"));
    }

    @Override
    public void collect(MetricSink sink) {
        sink.gauge("leaking_present", "Whether it is there.", 1);
    }
}
