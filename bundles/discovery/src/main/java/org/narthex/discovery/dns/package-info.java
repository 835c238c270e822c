/** Discovery of targets by records of the domain name system, {@code dns_sd_configs}. */
package org.narthex.discovery.dns;
