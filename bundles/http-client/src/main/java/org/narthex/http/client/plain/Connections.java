package org.narthex.http.client.plain;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.narthex.api.http.EagerHandler;

/**
 * All plain connections, kept between requests. One thread, started by the first request, does everything; other threads only hand over what is to be
 * done. Names of hosts are looked up elsewhere, since that waits.
 */
public final class Connections {
    /** As Prometheus keeps them. */
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int BUFFER = 128 << 10;
    private static final int MAX_PORT = 0xffff;

    private final Executor lookups;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<Endpoint, Deque<Connection>> idle = new HashMap<>();
    private final Set<Connection> all = new HashSet<>();
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>((a, b) -> Long.signum(a.nanos - b.nanos));
    private final Connection.Owner owner = new Ownership();
    /** Set by the first request; guarded by this object's monitor until then. */
    private volatile Selector selector;

    private boolean stopped;
    private long sweptNanos = System.nanoTime();

    private record Deadline(long nanos, Exchange<?> exchange) {}

    /** @param lookups runs what waits for a name server */
    public Connections(Executor lookups) {
        this.lookups = lookups;
    }

    /** Sends a request without a body. */
    public <T> CompletableFuture<HttpResponse<T>> send(
            HttpRequest request, Endpoint endpoint, EagerHandler<T> handler) {
        CompletableFuture<HttpResponse<T>> future = new CompletableFuture<>();
        Exchange<T> exchange = new Exchange<>(request, endpoint, handler, future);
        try {
            start();
        } catch (IOException e) {
            future.completeExceptionally(e);
            return future;
        }
        CompletableFuture<?> unused = future.whenComplete((answer, error) -> {
            if (future.isCancelled()) {
                execute(() -> abandon(exchange));
            }
        });
        execute(() -> {
            request.timeout()
                    .ifPresent(timeout -> deadlines.add(new Deadline(System.nanoTime() + timeout.toNanos(), exchange)));
            begin(exchange);
        });
        return future;
    }

    private synchronized void start() throws IOException {
        if (stopped) {
            throw new IOException("the HTTP client is stopped");
        }
        if (selector == null) {
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
                ready.select(key -> ((Connection) key.attachment()).ready(buffer, ready), untilNextDeadlineMs());
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                endOverdue();
            }
        } catch (Stop | IOException e) {
            IOException reason = new IOException("the HTTP client is stopped", e);
            new ArrayList<>(all).forEach(connection -> connection.fail(reason));
            deadlines.forEach(deadline -> deadline.exchange.fail(reason));
        }
    }

    private long untilNextDeadlineMs() {
        long now = System.nanoTime();
        long next = sweptNanos + SWEEP_NANOS - now;
        if (!deadlines.isEmpty()) {
            next = Math.min(next, deadlines.peek().nanos - now);
        }
        // 0 would be for ever.
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(next) + 1);
    }

    private void endOverdue() {
        long now = System.nanoTime();
        while (!deadlines.isEmpty()
                && (deadlines.peek().nanos - now <= 0
                        || deadlines.peek().exchange.isOver())) {
            Exchange<?> exchange = deadlines.poll().exchange;
            if (!exchange.isOver()) {
                exchange.fail(new HttpTimeoutException("request timed out"));
                abandon(exchange);
            }
        }
        if (now - sweptNanos > SWEEP_NANOS) {
            sweptNanos = now;
            new ArrayList<>(all)
                    .stream()
                            .filter(connection ->
                                    connection.exchange() == null && now - connection.idleSinceNanos() > IDLE_NANOS)
                            .forEach(Connection::closeForGood);
        }
    }

    private void begin(Exchange<?> exchange) {
        if (exchange.isOver()) {
            return;
        }
        Endpoint endpoint = exchange.endpoint();
        Deque<Connection> free = idle.get(endpoint);
        if (free != null) {
            Connection connection = free.pollLast();
            if (free.isEmpty()) {
                idle.remove(endpoint);
            }
            connection.reuse(exchange);
            return;
        }
        open(exchange);
    }

    private void open(Exchange<?> exchange) {
        Endpoint endpoint = exchange.endpoint();
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
        Connection connection = new Connection(exchange.endpoint(), owner);
        all.add(connection);
        connection.open(addresses, exchange, selector);
    }

    /** Lets go of the connection, on which an answer nobody wants may come. */
    private static void abandon(Exchange<?> exchange) {
        if (exchange.connection() != null) {
            exchange.connection().closeForGood();
        }
    }

    private final class Ownership implements Connection.Owner {
        @Override
        public void idle(Connection connection) {
            idle.computeIfAbsent(connection.endpoint(), endpoint -> new ArrayDeque<>(1))
                    .addLast(connection);
        }

        @Override
        public void repeat(Exchange<?> exchange) {
            open(exchange);
        }

        @Override
        public void closed(Connection connection) {
            all.remove(connection);
            Deque<Connection> free = idle.get(connection.endpoint());
            if (free != null && free.remove(connection) && free.isEmpty()) {
                idle.remove(connection.endpoint());
            }
        }
    }
}
