/** Discovery of machines of Google Compute Engine, {@code gce_sd_configs}. */
package org.narthex.discovery.cloud.gce;
