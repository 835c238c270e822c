package org.narthex.http.client.proxy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The way through a SOCKS5 proxy (RFC 1928, 1929). Names of hosts are looked up by the proxy, as Go's clients have it for both spellings. */
final class Socks5 implements Upstream {
    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int DEFAULT_PORT = 1080;
    private static final int MAX_TEXT = 255;
    private static final String[] FAILURES = {
        "",
        "general failure",
        "connection not allowed",
        "network unreachable",
        "host unreachable",
        "connection refused",
        "time to live expired",
        "command not supported",
        "address type not supported"
    };

    private final URI proxy;

    /** @param proxy with user and password, if it asks for them */
    Socks5(URI proxy) {
        this.proxy = proxy;
    }

    @Override
    public Socket connect(String host, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(proxy.getHost(), proxy.getPort() < 0 ? DEFAULT_PORT : proxy.getPort()),
                    CONNECT_MS);
            socket.setSoTimeout(CONNECT_MS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            authenticate(in, socket.getOutputStream());
            open(in, socket.getOutputStream(), host, port);
            socket.setSoTimeout(0);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void authenticate(DataInputStream in, OutputStream out) throws IOException {
        boolean known = proxy.getUserInfo() != null;
        out.write(
                known
                        ? new byte[] {VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD}
                        : new byte[] {VERSION, 1, NO_AUTHENTICATION});
        out.flush();
        if (in.readUnsignedByte() != VERSION) {
            throw new IOException("the SOCKS proxy speaks no version 5");
        }
        int method = in.readUnsignedByte();
        if (method == USER_AND_PASSWORD && known) {
            String[] parts = proxy.getUserInfo().split(":", 2);
            byte[] user = text("user", parts[0]);
            byte[] password = text("password", parts.length > 1 ? parts[1] : "");
            out.write(1);
            out.write(user.length);
            out.write(user);
            out.write(password.length);
            out.write(password);
            out.flush();
            in.readUnsignedByte();
            if (in.readUnsignedByte() != 0) {
                throw new IOException("the SOCKS proxy refuses user and password");
            }
        } else if (method != NO_AUTHENTICATION) {
            throw new IOException("the SOCKS proxy asks for an authentication that is not known");
        }
    }

    private static void open(DataInputStream in, OutputStream out, String host, int port) throws IOException {
        byte[] name = text("name of the host", host);
        out.write(new byte[] {VERSION, CONNECT, 0, NAME, (byte) name.length});
        out.write(name);
        out.write(port >> 8);
        out.write(port);
        out.flush();
        in.readUnsignedByte();
        int failure = in.readUnsignedByte();
        if (failure != 0) {
            throw new IOException("the SOCKS proxy does not reach " + host + ":" + port + ": "
                    + (failure < FAILURES.length ? FAILURES[failure] : "failure " + failure));
        }
        in.readUnsignedByte();
        int kind = in.readUnsignedByte();
        int length =
                switch (kind) {
                    case IPV4 -> 4;
                    case IPV6 -> 16;
                    case NAME -> in.readUnsignedByte();
                    default -> throw new IOException("the SOCKS proxy gives an address of unknown kind " + kind);
                };
        in.skipNBytes(length + 2L);
    }

    private static byte[] text(String what, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_TEXT) {
            throw new IOException("the " + what + " is too long for SOCKS: " + bytes.length + " bytes");
        }
        return bytes;
    }
}
