package org.narthex.channel.email;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.narthex.api.alert.RejectedException;

/** A conversation with a mail server. Whatever is not done in time ends with an {@link IOException}. */
final class SmtpConnection implements AutoCloseable {
    private final String host;
    private final int port;
    private final long endNanos;
    private Socket socket;
    private BufferedReader in;
    private OutputStream out;
    private boolean encrypted;
    private List<String> extensions = List.of();

    /** @param patience for the whole conversation */
    SmtpConnection(String host, int port, Duration patience) throws IOException {
        this.host = host;
        this.port = port;
        this.endNanos = System.nanoTime() + patience.toNanos();
        socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), remainingMs());
        } catch (IOException e) {
            socket.close();
            throw new IOException(server() + " was not reached: " + e.getMessage(), e);
        }
        use(socket);
    }

    private String server() {
        return host + ":" + port;
    }

    private int remainingMs() throws IOException {
        long ms = (endNanos - System.nanoTime()) / 1_000_000;
        if (ms <= 0) {
            throw new SocketTimeoutException(server() + " takes too long");
        }
        return (int) ms;
    }

    private void use(Socket other) throws IOException {
        socket = other;
        in = new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8));
        out = other.getOutputStream();
    }

    /**
     * Goes on encrypted.
     *
     * @param trust whose settings of TLS are used
     * @param serverName the name to expect in the certificate; empty for that of the host
     */
    void encrypt(HttpClient trust, String serverName) throws IOException {
        String name = serverName.isEmpty() ? host : serverName;
        socket.setSoTimeout(remainingMs());
        SSLSocket secure = (SSLSocket) trust.sslContext().getSocketFactory().createSocket(socket, name, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        String[] protocols = trust.sslParameters().getProtocols();
        if (protocols != null) {
            parameters.setProtocols(protocols);
        }
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        use(secure);
        encrypted = true;
    }

    void greeting() throws IOException, RejectedException {
        reply("greeting");
    }

    /** Says who calls and learns what the server can do. */
    void hello(String name) throws IOException, RejectedException {
        List<String> lines = command("EHLO", "EHLO " + name);
        extensions = lines.subList(1, lines.size());
    }

    /** The parameters of an extension; empty if the server does not have it. */
    Optional<List<String>> extension(String name) {
        for (String line : extensions) {
            List<String> words = Arrays.asList(line.strip().split("[ =]+", -1));
            if (words.get(0).equalsIgnoreCase(name)) {
                return Optional.of(words.subList(1, words.size()).stream()
                        .map(word -> word.toUpperCase(Locale.ROOT))
                        .toList());
            }
        }
        return Optional.empty();
    }

    boolean isEncrypted() {
        return encrypted;
    }

    /**
     * Sends a command.
     *
     * @param what names it in messages, since it may hold a secret
     * @return the lines of the answer
     */
    List<String> command(String what, String line) throws IOException, RejectedException {
        send(line + "\r\n");
        return reply(what);
    }

    /** Hands over a message. */
    void data(String message) throws IOException, RejectedException {
        command("DATA", "DATA");
        StringBuilder stuffed = new StringBuilder(message.length() + 64);
        for (String line : message.split("\r\n", -1)) {
            // A dot alone would end the message.
            stuffed.append(line.startsWith(".") ? "." : "").append(line).append("\r\n");
        }
        send(stuffed.append(".\r\n").toString());
        reply("message");
    }

    private void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private List<String> reply(String what) throws IOException, RejectedException {
        List<String> lines = new ArrayList<>();
        while (true) {
            socket.setSoTimeout(remainingMs());
            String line = in.readLine();
            if (line == null) {
                throw new IOException(server() + " hung up after " + what);
            }
            boolean complete = line.length() >= 3 && line.chars().limit(3).allMatch(c -> c >= '0' && c <= '9');
            if (!complete) {
                throw new IOException(server() + " does not speak SMTP: " + line);
            }
            lines.add(line.length() > 4 ? line.substring(4) : "");
            if (line.length() == 3 || line.charAt(3) != '-') {
                return accepted(what, line, lines);
            }
        }
    }

    /** 4xx passes with time, 5xx does not. */
    private List<String> accepted(String what, String line, List<String> lines) throws IOException, RejectedException {
        String message = server() + " answered to " + what + ": " + line;
        switch (line.charAt(0)) {
            case '2', '3' -> {
                return lines;
            }
            case '5' -> throw new RejectedException(message);
            default -> throw new IOException(message);
        }
    }

    /** Takes leave; what the server says to that is of no interest. */
    void quit() {
        try {
            send("QUIT\r\n");
            socket.setSoTimeout(Math.min(1000, remainingMs()));
            in.readLine();
        } catch (IOException e) {
            // The message is delivered already.
            encrypted = false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
