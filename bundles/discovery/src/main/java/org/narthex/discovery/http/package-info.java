/** Discovery of targets listed by a web server, {@code http_sd_configs}. */
package org.narthex.discovery.http;
