package org.narthex.discovery.osgi;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.TargetGroup;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/** Tells of the services that match a filter; each is a group of its own. No service is ever gotten, only its properties are read. */
final class RegistryWatch implements ServiceListener {
    /**
     * @param addressProperty service property that holds the target's address, or several
     * @param address of services without that property; empty for none
     */
    record Settings(String filter, String addressProperty, String address) {}

    private static final String PATH = "narthex.target.path";
    private static final String SCHEME = "narthex.target.scheme";
    /** The address of what is measured in this process. */
    private static final String HERE = "localhost";

    private final BundleContext context;
    private final Settings settings;
    private final DiscoveryProvider.Listener listener;
    private boolean closed;

    RegistryWatch(BundleContext context, Settings settings, DiscoveryProvider.Listener listener) {
        this.context = context;
        this.settings = settings;
        this.listener = listener;
    }

    /** The listener first: a service that comes meanwhile is told of twice rather than never. */
    synchronized void begin() throws InvalidSyntaxException {
        context.addServiceListener(this, settings.filter());
        ServiceReference<?>[] there = context.getAllServiceReferences(null, settings.filter());
        List<TargetGroup> groups = new ArrayList<>();
        for (ServiceReference<?> reference : there == null ? new ServiceReference<?>[0] : there) {
            groups.add(group(reference));
        }
        listener.update(groups);
    }

    @Override
    public synchronized void serviceChanged(ServiceEvent event) {
        if (closed) {
            return;
        }
        ServiceReference<?> reference = event.getServiceReference();
        boolean gone =
                event.getType() == ServiceEvent.UNREGISTERING || event.getType() == ServiceEvent.MODIFIED_ENDMATCH;
        listener.update(List.of(gone ? new TargetGroup(source(reference), List.of(), Labels.EMPTY) : group(reference)));
    }

    private static String source(ServiceReference<?> reference) {
        return "service/" + reference.getProperty(Constants.SERVICE_ID);
    }

    private TargetGroup group(ServiceReference<?> reference) {
        MetaLabels labels = MetaLabels.of("__meta_osgi_");
        for (String key : reference.getPropertyKeys()) {
            labels.set("property_" + MetaLabels.sanitized(key), text(reference.getProperty(key)));
        }
        labels.set("service_id", text(reference.getProperty(Constants.SERVICE_ID)));
        labels.set("service_interfaces", text(reference.getProperty(Constants.OBJECTCLASS)));
        Bundle bundle = reference.getBundle();
        if (bundle != null) {
            labels.set("bundle_id", Long.toString(bundle.getBundleId()));
            labels.set("bundle_symbolic_name", String.valueOf(bundle.getSymbolicName()));
            labels.set("bundle_version", bundle.getVersion().toString());
        }
        Labels.Builder group = labels.build().toBuilder();
        group.set("__metrics_path__", text(reference.getProperty(PATH)));
        group.set("__scheme__", text(reference.getProperty(SCHEME)));
        String exporter = exporter(reference);
        group.set(Exporter.TARGET_LABEL, exporter);
        List<Labels> targets = new ArrayList<>();
        for (String address : texts(reference.getProperty(settings.addressProperty()))) {
            targets.add(Labels.of("__address__", address));
        }
        String otherwise = settings.address().isEmpty() && !exporter.isEmpty() ? HERE : settings.address();
        if (targets.isEmpty() && !otherwise.isEmpty()) {
            targets.add(Labels.of("__address__", otherwise));
        }
        return new TargetGroup(source(reference), targets, group.build());
    }

    /** The name of an in-process exporter; empty if the service is none. */
    private static String exporter(ServiceReference<?> reference) {
        List<String> interfaces = texts(reference.getProperty(Constants.OBJECTCLASS));
        return interfaces.contains(Exporter.class.getName()) ? text(reference.getProperty(Exporter.NAME)) : "";
    }

    /** Several values are joined and wrapped by commas, {@code ,a,b,}. */
    private static String text(Object value) {
        if (value instanceof Collection || (value != null && value.getClass().isArray())) {
            return "," + String.join(",", texts(value)) + ",";
        }
        return value == null ? "" : String.valueOf(value);
    }

    private static List<String> texts(Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof Collection<?> many) {
            many.forEach(item -> texts.add(String.valueOf(item)));
        } else if (value != null && value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                texts.add(String.valueOf(Array.get(value, i)));
            }
        } else if (value != null) {
            texts.add(String.valueOf(value));
        }
        return texts;
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        try {
            context.removeServiceListener(this);
        } catch (IllegalStateException e) {
            // The bundle is stopped, and its listeners with it.
        }
    }
}
