package org.narthex.http.client.proxy;

import java.io.IOException;
import java.net.Socket;

/** What lies behind a {@link ProxyBridge}. Thread-safe. */
interface Upstream {
    /** How long connecting may take; requests have their own, shorter or longer, time. */
    int CONNECT_MS = 30_000;

    /** A connection to the host, of which nothing was read or written. */
    Socket connect(String host, int port) throws IOException;
}
