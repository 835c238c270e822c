package org.narthex.http.client.plain;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.narthex.api.http.EagerHandler;

/**
 * All plain connections, kept between requests. Whoever asks sends by a connection that is idle, which wakes nobody; all else is done by one thread, started
 * by the first request. Names of hosts are looked up elsewhere, since that waits.
 */
public final class Connections {
    /** As Prometheus keeps them. */
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int BUFFER = 128 << 10;
    private static final int MAX_PORT = 0xffff;

    private final Executor lookups;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Guarded by its own monitor. */
    private final Map<Endpoint, Deque<Connection>> idle = new HashMap<>();

    private final Set<Connection> all = ConcurrentHashMap.newKeySet();
    private final Deadlines deadlines = new Deadlines(SWEEP_NANOS, System.nanoTime());
    private final Connection.Owner owner = new Ownership();
    /** Set by the first request; guarded by this object's monitor until then. */
    private volatile Selector selector;

    private volatile boolean stopped;
    private volatile boolean ended;
    private long sweptNanos = System.nanoTime();

    /** @param lookups runs what waits for a name server */
    public Connections(Executor lookups) {
        this.lookups = lookups;
    }

    /** Sends a request; to cancel the future ends the exchange. */
    public <T> CompletableFuture<HttpResponse<T>> send(Request request, EagerHandler<T> handler) {
        Exchange<T> exchange = new Exchange<>(request, handler, owner);
        try {
            start();
        } catch (IOException e) {
            exchange.completeExceptionally(e);
            return exchange;
        }
        Optional<Duration> timeout = request.source().timeout();
        boolean tooLate = timeout.isPresent()
                && deadlines.add(exchange, System.nanoTime() + timeout.get().toNanos());
        if (!sendByIdle(exchange)) {
            execute(() -> open(exchange));
        } else if (tooLate) {
            selector.wakeup();
        }
        if (ended) {
            exchange.fail(new IOException("the HTTP client is stopped"));
        }
        return exchange;
    }

    private boolean sendByIdle(Exchange<?> exchange) {
        for (Connection next = takeIdle(exchange); next != null; next = takeIdle(exchange)) {
            if (next.reuse(exchange)) {
                return true;
            }
        }
        return false;
    }

    /** Takes the connection used last, or returns null. */
    private Connection takeIdle(Exchange<?> exchange) {
        synchronized (idle) {
            Deque<Connection> free = idle.get(exchange.request().endpoint());
            return free == null ? null : free.pollLast();
        }
    }

    private void start() throws IOException {
        if (stopped) {
            throw new IOException("the HTTP client is stopped");
        }
        if (selector == null) {
            startThread();
        }
    }

    private synchronized void startThread() throws IOException {
        if (selector == null && !stopped) {
            selector = Selector.open();
            Thread thread = new Thread(this::run, "narthex-http-client-io");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Ends all connections and the thread. */
    public void stop() {
        synchronized (this) {
            stopped = true;
        }
        if (selector != null) {
            execute(() -> {
                throw new Stop();
            });
        }
    }

    /** Ends the loop from within. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stop() {
            super("stopped", null, false, false);
        }
    }

    private void run() {
        // Not one for each connection: it is empty again after each use.
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (Selector ready = selector) {
            while (true) {
                ready.select(key -> ((Connection) key.attachment()).ready(buffer, ready), waitMs(System.nanoTime()));
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                endOverdue(System.nanoTime());
            }
        } catch (Stop | IOException e) {
            ended = true;
            IOException reason = new IOException("the HTTP client is stopped", e);
            all.forEach(connection -> connection.fail(reason));
            deadlines.all().forEach(exchange -> exchange.fail(reason));
        }
    }

    private long waitMs(long nowNanos) {
        // 0 would be for ever.
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlines.waitNanos(nowNanos)) + 1);
    }

    private void endOverdue(long nowNanos) {
        for (Exchange<?> exchange : deadlines.overdue(nowNanos)) {
            exchange.fail(new HttpTimeoutException("request timed out"));
            abandon(exchange);
        }
        if (nowNanos - sweptNanos > SWEEP_NANOS) {
            sweptNanos = nowNanos;
            all.forEach(connection -> connection.endIfIdleSince(nowNanos - IDLE_NANOS));
        }
    }

    private void open(Exchange<?> exchange) {
        if (exchange.isOver()) {
            return;
        }
        Endpoint endpoint = exchange.request().endpoint();
        if (endpoint.unixSocket().isPresent()) {
            connect(List.of(UnixDomainSocketAddress.of(endpoint.unixSocket().get())), exchange);
            return;
        }
        if (endpoint.port() > MAX_PORT) {
            exchange.fail(new IOException("dial tcp: address " + endpoint.port() + ": invalid port"));
            return;
        }
        try {
            lookups.execute(() -> {
                try {
                    List<SocketAddress> addresses = addresses(endpoint);
                    execute(() -> connect(addresses, exchange));
                } catch (UnknownHostException e) {
                    UnresolvedAddressException unresolved = new UnresolvedAddressException();
                    unresolved.initCause(e);
                    execute(() -> exchange.fail(unresolved));
                }
            });
        } catch (RejectedExecutionException e) {
            exchange.fail(new IOException("the HTTP client is stopped", e));
        }
    }

    private static List<SocketAddress> addresses(Endpoint endpoint) throws UnknownHostException {
        return Arrays.stream(InetAddress.getAllByName(endpoint.host()))
                .<SocketAddress>map(address -> new InetSocketAddress(address, endpoint.port()))
                .toList();
    }

    private void connect(List<SocketAddress> addresses, Exchange<?> exchange) {
        if (exchange.isOver()) {
            return;
        }
        Connection connection = new Connection(exchange.request().endpoint(), owner);
        all.add(connection);
        connection.open(addresses, exchange, selector);
    }

    /** Lets go of the connection, on which an answer nobody wants may come. */
    private static void abandon(Exchange<?> exchange) {
        Connection connection = exchange.connection();
        if (connection != null) {
            connection.abandon(exchange);
        }
    }

    private final class Ownership implements Connection.Owner {
        @Override
        public void idle(Connection connection) {
            synchronized (idle) {
                idle.computeIfAbsent(connection.endpoint(), endpoint -> new ArrayDeque<>(1))
                        .addLast(connection);
            }
        }

        @Override
        public void repeat(Exchange<?> exchange) {
            open(exchange);
        }

        @Override
        public void canceled(Exchange<?> exchange) {
            execute(() -> abandon(exchange));
        }

        @Override
        public void closed(Connection connection) {
            all.remove(connection);
            synchronized (idle) {
                Deque<Connection> free = idle.get(connection.endpoint());
                if (free != null) {
                    free.remove(connection);
                    if (free.isEmpty()) {
                        idle.remove(connection.endpoint());
                    }
                }
            }
        }
    }
}
