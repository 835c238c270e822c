/**
 * Proxies that the JDK's client does not know, those of SOCKS5 and those that are spoken to by TLS: {@link org.narthex.http.client.proxy.ProxyBridge} is
 * an HTTP proxy on the loopback address that leads on to one of them.
 */
package org.narthex.http.client.proxy;
