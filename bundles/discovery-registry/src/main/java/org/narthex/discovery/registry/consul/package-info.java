/** Discovery of targets in Consul, {@code consul_sd_configs}. */
package org.narthex.discovery.registry.consul;
