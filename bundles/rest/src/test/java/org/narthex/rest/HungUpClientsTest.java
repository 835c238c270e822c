package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.http.HttpServletRequest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HungUpClientsTest {
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    /** From port 9090 to 127.0.0.1:40000, as a machine of the usual byte order prints it. */
    private static final String FAKE_HTTP = "   0: 0100007F:2382 0100007F:9C40 ";

    private static final Path PROC = Path.of("/proc/net");

    @TempDir
    private Path folder;

    private final HttpServletRequest request = new FakeHttp().request("GET", "/query");
    private final AtomicBoolean canceled = new AtomicBoolean();

    private void list(String... lines) throws IOException {
        Files.writeString(folder.resolve("tcp"), HEAD + String.join("", lines));
    }

    @Test
    void aClientThatClosesItsConnectionIsNoticed() throws IOException {
        assumeTrue(new TcpConnections(PROC).areListed(), "this system does not list its connections");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, loopback);
                Socket client = new Socket(loopback, server.getLocalPort());
                Socket accepted = server.accept()) {
            TcpConnections connections = new TcpConnections(PROC);
            TcpConnections.Connection seen =
                    new TcpConnections.Connection(server.getLocalPort(), loopback, client.getLocalPort());
            assertEquals(TcpConnections.ESTABLISHED, connections.states().get(seen));
            client.close();
            // The end of the stream is there before the kernel says so to anybody.
            assertEquals(-1, accepted.getInputStream().read());
            assertEquals(TcpConnections.CLOSE_WAIT, connections.states().get(seen));
        }
    }

    @Test
    void aQueryIsCanceledWhenItsClientClosed() throws IOException {
        HungUpClients clients = new HungUpClients(folder);
        try (HungUpClients.Waiting unused = clients.watch(request, canceled)) {
            list(FAKE_HTTP + "01 00000000:00000000\n");
            clients.look();
            clients.look();
            assertFalse(canceled.get());
            list(FAKE_HTTP + "08 00000000:00000000\n");
            clients.look();
            assertTrue(canceled.get());
        }
    }

    @Test
    void aQueryIsCanceledWhenItsConnectionIsGone() throws IOException {
        HungUpClients clients = new HungUpClients(folder);
        try (HungUpClients.Waiting unused = clients.watch(request, canceled)) {
            list(FAKE_HTTP + "01 00000000:00000000\n");
            clients.look();
            clients.look();
            list();
            clients.look();
            assertFalse(canceled.get(), "one list may miss it");
            clients.look();
            assertTrue(canceled.get());
        }
    }

    @Test
    void nothingIsLookedAtForAQueryThatHasOnlyBegun() throws IOException {
        HungUpClients clients = new HungUpClients(folder);
        list(FAKE_HTTP + "08 00000000:00000000\n");
        try (HungUpClients.Waiting unused = clients.watch(request, canceled)) {
            clients.look();
            assertFalse(canceled.get());
            clients.look();
            assertTrue(canceled.get());
        }
    }

    @Test
    void anUnknownConnectionMeansNothing() throws IOException {
        HungUpClients clients = new HungUpClients(folder);
        try (HungUpClients.Waiting unused = clients.watch(request, canceled)) {
            list("   0: 0100007F:2382 0100007F:9C41 08 00000000:00000000\n");
            for (int look = 0; look < 5; look++) {
                clients.look();
            }
            assertFalse(canceled.get());
        }
    }

    @Test
    void anAnsweredQueryIsLeftAlone() throws IOException {
        HungUpClients clients = new HungUpClients(folder);
        clients.watch(request, canceled).close();
        list(FAKE_HTTP + "08 00000000:00000000\n");
        clients.look();
        assertFalse(canceled.get());
    }

    @Test
    void listsOfBothVersionsAreRead() throws IOException {
        list(FAKE_HTTP + "01 00000000:00000000\n");
        Files.writeString(
                folder.resolve("tcp6"),
                HEAD + "   0: 0000000000000000FFFF00000100007F:2382 0000000000000000FFFF00000200007F:9C40 08 0:0\n"
                        + "   1: 00000000000000000000000001000000:2382 00000000000000000000000001000000:9C40 01 0:0\n");
        assertEquals(
                Map.of(
                        new TcpConnections.Connection(9090, InetAddress.getByName("127.0.0.1"), 40_000), 1,
                        new TcpConnections.Connection(9090, InetAddress.getByName("127.0.0.2"), 40_000), 8,
                        new TcpConnections.Connection(9090, InetAddress.getByName("::1"), 40_000), 1),
                new TcpConnections(folder).states());
    }
}
