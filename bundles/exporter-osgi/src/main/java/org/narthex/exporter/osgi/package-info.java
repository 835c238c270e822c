/** The framework's own metrics: bundles, services, components, configurations, and class loaders of bundles that are gone but stay in memory. */
package org.narthex.exporter.osgi;
