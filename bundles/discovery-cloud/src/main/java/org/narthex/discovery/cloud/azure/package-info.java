/** Discovery of machines of Microsoft Azure, {@code azure_sd_configs}. */
package org.narthex.discovery.cloud.azure;
