package org.narthex.channel.email;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A mail server on loopback that keeps what it is told. */
final class FakeMailServer implements AutoCloseable {
    final List<String> commands = new CopyOnWriteArrayList<>();
    final List<String> messages = new CopyOnWriteArrayList<>();
    /** What commands that begin so are answered instead of 250. */
    final Map<String, String> replies = new ConcurrentHashMap<>();

    private final ServerSocket server;
    private final SSLContext context;
    private final boolean implicit;
    private volatile List<String> extensions;

    /** @param context for those who encrypt; null for none */
    FakeMailServer(SSLContext context, boolean implicit, String... extensions) throws IOException {
        this.context = context;
        this.implicit = implicit;
        this.extensions = List.of(extensions);
        server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(this::accept, "fake-mail");
        accepting.setDaemon(true);
        accepting.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread talking = new Thread(() -> talk(socket), "fake-mail-talk");
                talking.setDaemon(true);
                talking.start();
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void talk(Socket plain) {
        try (Socket socket = implicit ? secure(plain) : plain) {
            converse(socket, true);
        } catch (IOException e) {
            // The other side went.
        }
    }

    private Socket secure(Socket socket) throws IOException {
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
        secure.setUseClientMode(false);
        return secure;
    }

    private void converse(Socket socket, boolean greets) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        OutputStream out = socket.getOutputStream();
        if (greets) {
            say(out, "220 fake");
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            commands.add(line);
            String command = line;
            String own = replies.entrySet().stream()
                    .filter(each -> command.startsWith(each.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("");
            if (!own.isEmpty()) {
                say(out, own);
            } else if (line.startsWith("EHLO")) {
                say(out, "250-fake greets you");
                for (String extension : extensions) {
                    say(out, "250-" + extension);
                }
                say(out, "250 8BITMIME");
            } else if (line.equals("STARTTLS")) {
                say(out, "220 go");
                extensions = extensions.stream()
                        .filter(each -> !each.equals("STARTTLS"))
                        .toList();
                converse(secure(socket), false);
                return;
            } else if (line.equals("DATA")) {
                say(out, "354 go");
                say(out, take(in));
            } else if (line.equals("QUIT")) {
                say(out, "221 bye");
                return;
            } else {
                say(out, "250 ok");
            }
        }
    }

    private String take(BufferedReader in) throws IOException {
        StringBuilder message = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            message.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
        }
        String refusal = replies.getOrDefault("(message)", "");
        if (refusal.isEmpty()) {
            messages.add(message.toString());
        }
        return refusal.isEmpty() ? "250 taken" : refusal;
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
