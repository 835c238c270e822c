/** Discovery of targets in Nomad, {@code nomad_sd_configs}. */
package org.narthex.discovery.registry.nomad;
