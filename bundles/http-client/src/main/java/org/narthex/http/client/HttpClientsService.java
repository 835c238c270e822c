package org.narthex.http.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;
import org.narthex.http.client.plain.Connections;
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
    private static final String TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    static {
        // Else the JDK keeps the password for a proxy back when it asks for a tunnel; whoever sets the property has
        // reasons.
        if (System.getProperty(TUNNEL_SCHEMES) == null) {
            System.setProperty(TUNNEL_SCHEMES, "");
        }
    }

    /** Settings that make a difference to the connections themselves. */
    private record Transport(
            HttpClientConfig.Tls tls, TlsContext.FileTimes files, boolean http2, HttpClientConfig.Proxy proxy) {}

    private final UnaryOperator<String> environment;
    private final InstantSource clock;
    private final Map<Transport, HttpClient> transports = new HashMap<>();
    private final Map<HttpClientConfig.OAuth2, AccessTokens> tokens = new HashMap<>();
    private final Connections connections = new Connections(task -> executor().execute(task));
    private ThreadPoolExecutor executor;

    @Activate
    public HttpClientsService() {
        this(System::getenv, Clock.systemUTC());
    }

    /** @param environment gives the value of an environment variable, or null */
    HttpClientsService(UnaryOperator<String> environment, InstantSource clock) {
        // Everything is made on first use.
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Client client(HttpClientConfig config) throws IOException {
        ProxyRoute proxy = ProxyRoute.of(config.proxy(), environment);
        HttpClient transport = transport(config.tls(), config.enableHttp2(), config.proxy(), proxy);
        return new ConfiguredClient(
                config,
                transport,
                proxy,
                config.oauth2().isPresent() ? Optional.of(tokens(config.oauth2().get())) : Optional.empty(),
                connections);
    }

    private synchronized AccessTokens tokens(HttpClientConfig.OAuth2 oauth2) throws IOException {
        AccessTokens known = tokens.get(oauth2);
        if (known == null) {
            HttpClient transport =
                    transport(oauth2.tls(), true, oauth2.proxy(), ProxyRoute.of(oauth2.proxy(), environment));
            known = new AccessTokens(oauth2, transport, clock);
            tokens.put(oauth2, known);
        }
        return known;
    }

    private synchronized HttpClient transport(
            HttpClientConfig.Tls tls, boolean http2, HttpClientConfig.Proxy proxy, ProxyRoute route)
            throws IOException {
        TlsContext.FileTimes files = TlsContext.FileTimes.of(tls);
        Transport key = new Transport(tls, files, http2, proxy);
        HttpClient client = transports.get(key);
        if (client == null) {
            client = TransportBuilder.build(tls, http2, route, executor());
            // Certificates that were renewed: nobody asks for the old ones any more.
            Set<Transport> old = new HashSet<>(transports.keySet());
            old.removeIf(other -> !other.tls.equals(tls) || other.files.equals(files));
            if (!old.isEmpty()) {
                transports.keySet().removeAll(old);
                tokens.keySet().removeIf(oauth2 -> oauth2.tls().equals(tls));
            }
            transports.put(key, client);
        }
        return client;
    }

    private synchronized ThreadPoolExecutor executor() {
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
        tokens.clear();
        connections.stop();
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
