package org.narthex.rest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The TCP connections of this host as the kernel of Linux lists them in {@code /proc/net/tcp} and {@code /proc/net/tcp6} (proc(5)): a line for
 * each, with addresses in hexadecimal and the state as a number.
 */
final class TcpConnections {
    /** Both sides may send. */
    static final int ESTABLISHED = 1;

    /** The far side has closed it, this one not yet. */
    static final int CLOSE_WAIT = 8;

    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int HEX = 16;
    private static final int WORD_BYTES = 4;

    private final Path folder;

    /** @param folder what is {@code /proc/net} outside tests */
    TcpConnections(Path folder) {
        this.folder = folder;
    }

    /** One connection as seen from here: both ports, and the far side's address. */
    record Connection(int localPort, InetAddress remote, int remotePort) {}

    /** Whether this system lists its connections. */
    boolean areListed() {
        return Files.isReadable(folder.resolve("tcp"));
    }

    /**
     * The states by connection. A connection may be missing although it is there, if others came and went while the kernel listed them.
     *
     * @throws IOException if the lists cannot be read or are not what is expected
     */
    Map<Connection, Integer> states() throws IOException {
        Map<Connection, Integer> states = new HashMap<>();
        read("tcp", states);
        try {
            read("tcp6", states);
        } catch (NoSuchFileException e) {
            // The kernel was built or started without IPv6.
        }
        return states;
    }

    private void read(String list, Map<Connection, Integer> states) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve(list))) {
            for (String line : (Iterable<String>) lines.skip(1)::iterator) {
                String[] fields = line.trim().split("\\s+", -1);
                try {
                    states.put(
                            new Connection(port(fields[LOCAL]), address(fields[REMOTE]), port(fields[REMOTE])),
                            Integer.parseInt(fields[STATE], HEX));
                } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                    throw new IOException(list + " has a line of another form: " + line, e);
                }
            }
        }
    }

    private static int port(String field) {
        return Integer.parseInt(field.substring(field.indexOf(':') + 1), HEX);
    }

    /** The kernel prints words of four bytes in the order of this machine's bytes, which is the reverse on all but a few. */
    private static InetAddress address(String field) throws UnknownHostException {
        byte[] printed = HexFormat.of().parseHex(field.substring(0, field.indexOf(':')));
        byte[] address = new byte[printed.length];
        boolean reversed = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < printed.length; i++) {
            int inWord = i % WORD_BYTES;
            address[i] = printed[reversed ? i - inWord + WORD_BYTES - 1 - inWord : i];
        }
        return InetAddress.getByAddress(address);
    }
}
