/** Probes endpoints from outside, by HTTP, TCP, DNS and ICMP: blackbox_exporter's modules and its {@code /probe}. */
package org.narthex.probe;
