/** Metrics of this host from {@code /proc} and {@code /sys}, with node_exporter's names, labels and units; one class per collector. */
package org.narthex.exporter.node;
