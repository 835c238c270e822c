package org.narthex.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests to our own web server, by a bare socket: the JDK's HTTP clients take longer to load than waiting for it may cost. */
record LocalHttp(ListenAddress address, int port) {
    private static final int TIMEOUT_MS = 5_000;

    /** The status of the answer; its body is read and dropped. */
    int request(String method, String path) throws IOException {
        try (Socket socket = new Socket()) {
            InetAddress host =
                    address.isAny() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(address.host());
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            String head = method + " " + path + " HTTP/1.1\r\nHost: " + address.reachableHost() + ":" + port
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
            in.transferTo(OutputStream.nullOutputStream());
            return Integer.parseInt(status.substring(status.indexOf(' ') + 1));
        } catch (NumberFormatException e) {
            throw new IOException("no HTTP answer", e);
        }
    }
}
