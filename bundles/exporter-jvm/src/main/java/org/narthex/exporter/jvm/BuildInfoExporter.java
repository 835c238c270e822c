package org.narthex.exporter.jvm;

import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Says which Narthex runs on which Java, as labels of a constant. */
@Component(property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class BuildInfoExporter implements Exporter {
    private final String version;

    @Activate
    public BuildInfoExporter(BundleContext context) {
        this(context.getBundle().getVersion().toString());
    }

    BuildInfoExporter(String version) {
        this.version = version;
    }

    @Override
    public void collect(MetricSink sink) {
        sink.gauge(
                "narthex_build_info",
                "A metric with a constant '1' value labeled by the versions of Narthex and of Java.",
                1,
                "version",
                version,
                "javaversion",
                System.getProperty("java.runtime.version", ""),
                "javavendor",
                System.getProperty("java.vendor", ""),
                "os",
                System.getProperty("os.name", ""),
                "arch",
                System.getProperty("os.arch", ""));
    }
}
