/** Discovery of targets in Eureka, {@code eureka_sd_configs}. */
package org.narthex.discovery.registry.eureka;
