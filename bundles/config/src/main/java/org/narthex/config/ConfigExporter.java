package org.narthex.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

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
        source.current().alerting().ifPresent(alerting -> alertmanager(sink, alerting.yaml()));
    }

    /** The Alertmanager's file is read with the main one, or neither is. */
    private void alertmanager(MetricSink sink, String yaml) {
        sink.gauge(
                "alertmanager_config_last_reload_successful",
                "Whether the last configuration reload attempt was successful.",
                source.lastReloadSuccessful() ? 1 : 0);
        sink.gauge(
                "alertmanager_config_last_reload_success_timestamp_seconds",
                "Timestamp of the last successful configuration reload.",
                source.current().loadedAtMs() / 1e3);
        sink.gauge("alertmanager_config_hash", "Hash of the currently loaded alertmanager configuration.", hash(yaml));
    }

    /** As many bits of the text's MD5 hash as a sample's value can hold, as Alertmanager does it. */
    private static double hash(String text) {
        try {
            byte[] md5 = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            long bits = 0;
            for (int i = 5; i >= 0; i--) {
                bits = bits << 8 | (md5[i] & 0xff);
            }
            return (double) bits;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM knows MD5", e);
        }
    }
}
