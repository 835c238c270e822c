package org.narthex.exporter.osgi;

import java.io.IOException;

import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Measures the framework it runs in. From its first scrape on it follows which bundles come and go. */
@Component(property = {Exporter.NAME + "=osgi", Exporter.ON_DEMAND + ":Boolean=true"})
public final class OsgiExporter implements Exporter {
    private final BundleContext context;
    private final BundleWatch watch;
    private final ClassLoaderWatch classLoaders = new ClassLoaderWatch();

    /** Null while there is none; so is the other. */
    @Reference(name = "components", cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile ServiceComponentRuntime components;

    @Reference(name = "configurations", cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile ConfigurationAdmin configurations;

    @Activate
    public OsgiExporter(BundleContext context) {
        this(context, null, null);
    }

    OsgiExporter(BundleContext context, ServiceComponentRuntime components, ConfigurationAdmin configurations) {
        this.context = context;
        this.components = components;
        this.configurations = configurations;
        watch = new BundleWatch(context, classLoaders);
        watch.open();
    }

    @Override
    public void collect(MetricSink sink) throws InvalidSyntaxException, IOException {
        FrameworkMetrics.write(sink, context);
        BundleMetrics.write(sink, context.getBundles());
        ServiceMetrics.write(sink, context);
        ServiceComponentRuntime runtime = components;
        if (runtime != null) {
            ComponentMetrics.write(sink, runtime);
        }
        ConfigurationAdmin admin = configurations;
        if (admin != null) {
            ConfigurationMetrics.write(sink, admin);
        }
        classLoaders.write(sink);
    }

    @Deactivate
    void close() {
        watch.close();
    }
}
