/** Discovery of services in the framework's own registry, {@code osgi_sd_configs}. */
package org.narthex.discovery.osgi;
