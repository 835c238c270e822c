package org.narthex.rest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.http.HttpServletRequest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels queries whose clients have hung up. The web server reads nothing from a connection while it answers a request on it, so it does not
 * learn that the far side closed it; the kernel knows. Where the kernel does not list its connections, queries run on until a limit of
 * theirs. Thread-safe.
 */
final class HungUpClients implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HungUpClients.class);
    private static final long LOOK_EVERY_MS = 250;

    /** A connection that was seen must be missing so often: one list may miss it by chance. */
    private static final int MISSED = 2;

    private final TcpConnections connections;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "narthex-rest-clients");
        thread.setDaemon(true);
        return thread;
    });

    private final AtomicBoolean looksSoon = new AtomicBoolean();
    private volatile boolean started;

    HungUpClients(Path netFolder) {
        this.connections = new TcpConnections(netFolder);
    }

    /** Looks from now on, whenever clients wait, if there is anything to look at. */
    void start() {
        started = connections.areListed();
    }

    private void lookSoon() {
        if (!started || waiting.isEmpty() || !looksSoon.compareAndSet(false, true)) {
            return;
        }
        try {
            Future<?> unused = looking.schedule(
                    () -> {
                        looksSoon.set(false);
                        look();
                        lookSoon();
                    },
                    LOOK_EVERY_MS,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closed, or nothing can be looked at any more.
            started = false;
        }
    }

    /** Sets the flag once the request's client is gone, until what is returned is closed. */
    Waiting watch(HttpServletRequest request, AtomicBoolean canceled) {
        Waiting client =
                new Waiting(request.getLocalPort(), request.getRemoteAddr(), request.getRemotePort(), canceled);
        waiting.add(client);
        lookSoon();
        return client;
    }

    /**
     * Compares the clients that wait with the kernel's list, once. It is a long one to make, so that nothing is looked at as long as all queries are
     * quick ones.
     */
    void look() {
        boolean anySlow = false;
        for (Waiting client : waiting) {
            anySlow |= client.waitedBefore();
        }
        if (!anySlow) {
            return;
        }
        try {
            Map<TcpConnections.Connection, Integer> states = connections.states();
            waiting.forEach(client -> client.compare(states));
        } catch (IOException | RuntimeException e) {
            LOG.warn("Queries of clients that hang up are not canceled any more: {}", e.getMessage(), e);
            looking.shutdown();
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }

    /** A client that waits for the answer to its query. All but its making happens on the thread that looks. */
    final class Waiting implements AutoCloseable {
        private final int localPort;
        private final String remoteAddress;
        private final int remotePort;
        private final AtomicBoolean canceled;
        private boolean waited;
        private boolean seen;
        private int missed;

        Waiting(int localPort, String remoteAddress, int remotePort, AtomicBoolean canceled) {
            this.localPort = localPort;
            this.remoteAddress = remoteAddress;
            this.remotePort = remotePort;
            this.canceled = canceled;
        }

        /** Whether it has been asked before. */
        private boolean waitedBefore() {
            boolean before = waited;
            waited = true;
            return before;
        }

        private void compare(Map<TcpConnections.Connection, Integer> states) {
            Integer state = states.get(connection());
            if (state == null) {
                // A proxy's client is in no list of this host: only one that was there before can be gone.
                missed++;
            } else {
                missed = 0;
                seen |= state == TcpConnections.ESTABLISHED;
            }
            boolean closed = state != null && state == TcpConnections.CLOSE_WAIT;
            if ((closed || (seen && missed >= MISSED)) && !canceled.getAndSet(true)) {
                LOG.debug("{}:{} hung up: its query is canceled", remoteAddress, remotePort);
            }
        }

        private TcpConnections.Connection connection() {
            int zone = remoteAddress.indexOf('%');
            try {
                // An address, not a name: nothing is asked of anybody.
                return new TcpConnections.Connection(
                        localPort,
                        InetAddress.getByName(zone < 0 ? remoteAddress : remoteAddress.substring(0, zone)),
                        remotePort);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("not an address: " + remoteAddress, e);
            }
        }

        @Override
        public void close() {
            waiting.remove(this);
        }
    }
}
