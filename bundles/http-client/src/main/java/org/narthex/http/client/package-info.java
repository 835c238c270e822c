/**
 * Clients of {@code java.net.http} made from Prometheus' HTTP client settings: credentials, TLS from PEM files, redirects, proxy.
 * Nothing of it is loaded before the first client is asked for.
 */
package org.narthex.http.client;
