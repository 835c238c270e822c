package org.narthex.config;

import org.narthex.api.config.ConfigSource;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tells whether the last reload worked, under Prometheus' names. */
@Component(property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class ConfigExporter implements Exporter {
    private final ConfigSource source;

    @Activate
    public ConfigExporter(@Reference(name = "source") ConfigSource source) {
        this.source = source;
    }

    @Override
    public void collect(MetricSink sink) {
        sink.gauge(
                "prometheus_config_last_reload_successful",
                "Whether the last configuration reload attempt was successful.",
                source.lastReloadSuccessful() ? 1 : 0);
        sink.gauge(
                "prometheus_config_last_reload_success_timestamp_seconds",
                "Timestamp of the last successful configuration reload.",
                source.current().loadedAtMs() / 1e3);
    }
}
