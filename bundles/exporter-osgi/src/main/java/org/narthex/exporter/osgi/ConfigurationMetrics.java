package org.narthex.exporter.osgi;

import java.io.IOException;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Configurations of the Configuration Admin; their values are not shown. */
final class ConfigurationMetrics {
    private ConfigurationMetrics() {}

    static void write(MetricSink sink, ConfigurationAdmin admin) throws IOException, InvalidSyntaxException {
        Configuration[] listed = admin.listConfigurations(null);
        Configuration[] all = listed == null ? new Configuration[0] : listed;
        sink.gauge("osgi_configurations", "Number of configurations.", all.length);
        sink.family("osgi_configuration_info", MetricType.GAUGE, "What is configured; the value is always 1.");
        for (Configuration configuration : all) {
            String factory = configuration.getFactoryPid();
            sink.sample(
                    "osgi_configuration_info",
                    1,
                    "pid",
                    configuration.getPid(),
                    "factory_pid",
                    factory == null ? "" : factory);
        }
    }
}
