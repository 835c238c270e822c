package org.narthex.http.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Shares clients among equal settings. What a client consists of below headers and credentials, its connections, is shared even by settings that
 * differ in those.
 */
@Component(service = HttpClients.class)
public final class HttpClientsService implements HttpClients {
    private static final int THREADS = 2;

    /** Settings that make a difference to the connections themselves. */
    private record Transport(HttpClientConfig.Tls tls, TlsContext.FileTimes files, boolean http2, String proxyUrl) {}

    private final Map<Transport, HttpClient> transports = new HashMap<>();
    private ThreadPoolExecutor executor;

    @Activate
    public HttpClientsService() {
        // Everything is made on first use.
    }

    @Override
    public Client client(HttpClientConfig config) throws IOException {
        return new ConfiguredClient(config, transport(config));
    }

    private synchronized HttpClient transport(HttpClientConfig config) throws IOException {
        TlsContext.FileTimes files = TlsContext.FileTimes.of(config.tls());
        Transport key = new Transport(config.tls(), files, config.enableHttp2(), config.proxyUrl());
        HttpClient client = transports.get(key);
        if (client == null) {
            client = TransportBuilder.build(config, executor());
            // Certificates that were renewed: nobody asks for the old ones any more.
            transports.keySet().removeIf(old -> old.tls.equals(key.tls) && !old.files.equals(key.files));
            transports.put(key, client);
        }
        return client;
    }

    private ThreadPoolExecutor executor() {
        if (executor == null) {
            AtomicInteger count = new AtomicInteger();
            executor = new ThreadPoolExecutor(
                    THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                        Thread thread = new Thread(task, "narthex-http-client-" + count.incrementAndGet());
                        thread.setDaemon(true);
                        return thread;
                    });
            executor.allowCoreThreadTimeOut(true);
        }
        return executor;
    }

    @Deactivate
    synchronized void stop() {
        transports.clear();
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
