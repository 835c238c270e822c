/**
 * HTTP/1.1 without TLS and without a proxy, for takers that never wait: one thread serves all connections, and nothing is handed from thread to thread
 * within an exchange.
 */
package org.narthex.http.client.plain;
