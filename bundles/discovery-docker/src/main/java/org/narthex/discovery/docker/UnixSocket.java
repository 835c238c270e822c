package org.narthex.discovery.docker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** HTTP over a socket of the file system, which the JDK's client does not speak: version 1.0, so that an answer ends with the connection. */
final class UnixSocket {
    private static final int MAX_HEADER = 65_536;

    private final Path file;

    UnixSocket(Path file) {
        this.file = file;
    }

    DockerApi.Reply get(String target) throws IOException {
        // An interruption of the thread closes the channel, however long the daemon is silent.
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(file));
            String request = "GET " + target + " HTTP/1.0\r\nHost: docker\r\nUser-Agent: Narthex\r\n\r\n";
            ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1));
            while (out.hasRemaining()) {
                channel.write(out);
            }
            InputStream in = Channels.newInputStream(channel);
            return read(in.readAllBytes(), target);
        } catch (IOException e) {
            throw new IOException(file + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
        }
    }

    private static DockerApi.Reply read(byte[] answer, String target) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(answer);
        String status = line(in);
        String[] words = status.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IOException("no HTTP answer");
        }
        String version = "";
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "Api-Version:", 0, 12)) {
                version = header.substring(12).strip();
            }
        }
        if (!words[1].equals("200")) {
            throw new IOException(target + ": server returned HTTP status " + words[1]);
        }
        return new DockerApi.Reply(version, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > MAX_HEADER) {
                throw new IOException("the answer ends too early");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
