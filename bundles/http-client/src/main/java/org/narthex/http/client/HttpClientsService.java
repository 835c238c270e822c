package org.narthex.http.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;
import org.narthex.api.trace.Tracer;
import org.narthex.http.client.aws.AwsAccess;
import org.narthex.http.client.plain.Connections;
import org.narthex.http.client.proxy.ProxyBridge;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

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

    /** A proxy that the JDK's client cannot speak to, and how to speak to it. */
    private record Bridge(URI proxy, HttpClientConfig.Tls tls, TlsContext.FileTimes files) {}

    private final UnaryOperator<String> environment;
    private final InstantSource clock;
    private final Map<Transport, HttpClient> transports = new HashMap<>();
    private final Map<Bridge, ProxyBridge> bridges = new HashMap<>();
    private final Map<HttpClientConfig.OAuth2, AccessTokens> tokens = new HashMap<>();
    private final Map<HttpClientConfig.AwsSigning, AwsAccess> aws = new HashMap<>();
    private final Connections connections = new Connections(task -> executor().execute(task));
    private ThreadPoolExecutor executor;
    private ExecutorService bridgeThreads;

    @Reference(
            name = "tracer",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Tracer tracer;

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

    /** What the framework does otherwise. */
    void bind(Tracer newTracer) {
        tracer = newTracer;
    }

    @Override
    public Client client(HttpClientConfig config) throws IOException {
        ProxyRoute proxy = route(config.proxy(), config.tls());
        HttpClient transport = transport(config.tls(), config.enableHttp2(), config.proxy(), proxy);
        return new ConfiguredClient(
                config,
                transport,
                proxy,
                config.oauth2().isPresent() ? Optional.of(tokens(config.oauth2().get())) : Optional.empty(),
                config.aws().map(signing -> awsAccess(signing, transport)),
                connections,
                () -> tracer);
    }

    private ProxyRoute route(HttpClientConfig.Proxy proxy, HttpClientConfig.Tls tls) throws IOException {
        return ProxyRoute.of(proxy, environment, uri -> bridge(uri, tls));
    }

    private synchronized ProxyBridge bridge(URI proxy, HttpClientConfig.Tls tls) throws IOException {
        boolean secured = proxy.getScheme().equalsIgnoreCase("https");
        HttpClientConfig.Tls used = secured ? tls : HttpClientConfig.Tls.DEFAULT;
        Bridge key = new Bridge(proxy, used, TlsContext.FileTimes.of(used));
        ProxyBridge bridge = bridges.get(key);
        if (bridge == null) {
            bridge = secured
                    ? ProxyBridge.toTls(proxy, TlsContext.of(used), TlsContext.parameters(used), bridgeThreads())
                    : ProxyBridge.toSocks5(proxy, bridgeThreads());
            bridges.put(key, bridge);
        }
        return bridge;
    }

    private ExecutorService bridgeThreads() {
        if (bridgeThreads == null) {
            bridgeThreads = Executors.newCachedThreadPool(daemons("narthex-http-client-proxy-"));
        }
        return bridgeThreads;
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private synchronized AccessTokens tokens(HttpClientConfig.OAuth2 oauth2) throws IOException {
        AccessTokens known = tokens.get(oauth2);
        if (known == null) {
            HttpClient transport = transport(oauth2.tls(), true, oauth2.proxy(), route(oauth2.proxy(), oauth2.tls()));
            known = new AccessTokens(oauth2, transport, clock);
            tokens.put(oauth2, known);
        }
        return known;
    }

    private synchronized AwsAccess awsAccess(HttpClientConfig.AwsSigning signing, HttpClient transport) {
        return aws.computeIfAbsent(signing, key -> new AwsAccess(key, environment, transport, clock));
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
            executor = new ThreadPoolExecutor(
                    THREADS,
                    THREADS,
                    30,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    daemons("narthex-http-client-"));
            executor.allowCoreThreadTimeOut(true);
        }
        return executor;
    }

    @Deactivate
    synchronized void stop() {
        transports.clear();
        tokens.clear();
        aws.clear();
        connections.stop();
        bridges.values().forEach(ProxyBridge::close);
        bridges.clear();
        if (bridgeThreads != null) {
            bridgeThreads.shutdownNow();
        }
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
