package org.narthex.exporter.osgi;

import java.util.LinkedHashMap;
import java.util.Map;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/** Bundles and their states. */
final class BundleMetrics {
    private static final Map<Integer, String> STATES = new LinkedHashMap<>();

    static {
        STATES.put(Bundle.INSTALLED, "installed");
        STATES.put(Bundle.RESOLVED, "resolved");
        STATES.put(Bundle.STARTING, "starting");
        STATES.put(Bundle.ACTIVE, "active");
        STATES.put(Bundle.STOPPING, "stopping");
        STATES.put(Bundle.UNINSTALLED, "uninstalled");
    }

    private BundleMetrics() {}

    static void write(MetricSink sink, Bundle... bundles) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        STATES.values().forEach(state -> counts.put(state, 0));
        // Once, so that the families fit each other.
        int[] states = new int[bundles.length];
        for (int i = 0; i < bundles.length; i++) {
            states[i] = bundles[i].getState();
            counts.merge(STATES.getOrDefault(states[i], "unknown"), 1, Integer::sum);
        }
        sink.family("osgi_bundles", MetricType.GAUGE, "Number of bundles by state.");
        counts.forEach((state, count) -> sink.sample("osgi_bundles", count, "state", state));
        sink.family("osgi_bundle_info", MetricType.GAUGE, "What is installed; the value is always 1.");
        for (Bundle bundle : bundles) {
            sink.sample("osgi_bundle_info", 1, labels(bundle, "type", type(bundle), "location", bundle.getLocation()));
        }
        sink.family(
                "osgi_bundle_state",
                MetricType.GAUGE,
                "State of the bundle: 1 uninstalled, 2 installed, 4 resolved, 8 starting, 16 stopping, 32 active.");
        for (int i = 0; i < bundles.length; i++) {
            sink.sample("osgi_bundle_state", states[i], labels(bundles[i]));
        }
        sink.family(
                "osgi_bundle_last_modified_timestamp_seconds",
                MetricType.GAUGE,
                "When the bundle was installed, updated or uninstalled last.");
        for (Bundle bundle : bundles) {
            sink.sample("osgi_bundle_last_modified_timestamp_seconds", bundle.getLastModified() / 1e3, labels(bundle));
        }
        sink.family("osgi_bundle_start_level", MetricType.GAUGE, "The start level at which the bundle is started.");
        for (Bundle bundle : bundles) {
            BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
            if (level != null && bundle.getState() != Bundle.UNINSTALLED) {
                sink.sample("osgi_bundle_start_level", level.getStartLevel(), labels(bundle));
            }
        }
    }

    private static String type(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        boolean fragment = revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
        return fragment ? "fragment" : "bundle";
    }

    /** Two versions of a bundle, and two bundles without a name, are told apart by their number. */
    private static String[] labels(Bundle bundle, String... more) {
        String[] labels = new String[6 + more.length];
        labels[0] = "id";
        labels[1] = Long.toString(bundle.getBundleId());
        labels[2] = "bundle";
        labels[3] = bundle.getSymbolicName() == null ? "" : bundle.getSymbolicName();
        labels[4] = "version";
        labels[5] = bundle.getVersion().toString();
        System.arraycopy(more, 0, labels, 6, more.length);
        return labels;
    }
}
