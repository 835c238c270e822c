package org.narthex.exporter.osgi;

import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Services by interface. */
final class ServiceMetrics {
    private ServiceMetrics() {}

    static void write(MetricSink sink, BundleContext context) throws InvalidSyntaxException {
        ServiceReference<?>[] references = context.getAllServiceReferences(null, null);
        Map<String, Integer> counts = new TreeMap<>();
        int all = 0;
        if (references != null) {
            all = references.length;
            for (ServiceReference<?> reference : references) {
                for (String type : (String[]) reference.getProperty(Constants.OBJECTCLASS)) {
                    counts.merge(type, 1, Integer::sum);
                }
            }
        }
        sink.gauge("osgi_service_registrations", "Number of registered services.", all);
        sink.family(
                "osgi_services",
                MetricType.GAUGE,
                "Number of services by interface; one with several is counted in each.");
        counts.forEach((type, count) -> sink.sample("osgi_services", count, "interface", type));
    }
}
