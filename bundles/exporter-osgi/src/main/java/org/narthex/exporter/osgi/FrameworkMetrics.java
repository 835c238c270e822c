package org.narthex.exporter.osgi;

import org.narthex.api.scrape.MetricSink;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** The framework and its start level. */
final class FrameworkMetrics {
    private FrameworkMetrics() {}

    static void write(MetricSink sink, BundleContext context) {
        Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        sink.gauge(
                "osgi_framework_info",
                "The framework; the value is always 1.",
                1,
                "framework",
                String.valueOf(framework.getSymbolicName()),
                "version",
                framework.getVersion().toString());
        FrameworkStartLevel level = framework.adapt(FrameworkStartLevel.class);
        if (level != null) {
            sink.gauge(
                    "osgi_framework_start_level", "The start level the framework has reached.", level.getStartLevel());
            sink.gauge(
                    "osgi_framework_initial_bundle_start_level",
                    "The start level new bundles are given.",
                    level.getInitialBundleStartLevel());
        }
    }
}
