package org.narthex.discovery.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Asks the name servers of {@code resolv.conf}. The JDK's own resolver knows addresses alone, and its naming provider is not to be had in every
 * framework.
 */
final class Resolver {
    private static final Path SYSTEM = Path.of("/etc/resolv.conf");
    private static final int PORT = 53;
    private static final int MAX_UDP = 4096;

    /**
     * What {@code resolv.conf} says.
     *
     * @param search domains to complete names with
     * @param dots names with at least so many dots are tried as they are first
     */
    record Settings(List<InetSocketAddress> servers, List<String> search, int dots, int timeoutMs, int attempts) {
        static Settings parse(List<String> lines) {
            List<InetSocketAddress> servers = new ArrayList<>();
            List<String> search = List.of();
            int dots = 1;
            int timeoutMs = 5_000;
            int attempts = 2;
            for (String line : lines) {
                String[] words = line.strip().split("\\s+");
                switch (words[0]) {
                    case "nameserver" -> {
                        if (words.length > 1) {
                            servers.add(new InetSocketAddress(words[1], PORT));
                        }
                    }
                    case "search", "domain" -> search = List.of(words).subList(1, words.length);
                    case "options" -> {
                        for (String option : words) {
                            int colon = option.indexOf(':');
                            String value = option.substring(colon + 1);
                            if (colon > 0 && value.matches("[0-9]{1,4}")) {
                                int number = Integer.parseInt(value);
                                switch (option.substring(0, colon)) {
                                    case "ndots" -> dots = number;
                                    case "timeout" -> timeoutMs = Math.max(1, number) * 1000;
                                    case "attempts" -> attempts = Math.max(1, number);
                                    default -> {}
                                }
                            }
                        }
                    }
                    default -> {}
                }
            }
            if (servers.isEmpty()) {
                servers.add(new InetSocketAddress("127.0.0.1", PORT));
            }
            return new Settings(servers, search, dots, timeoutMs, attempts);
        }
    }

    /** Gives the settings, each time anew: the file may be changed. */
    @FunctionalInterface
    interface SettingsReader {
        Settings read() throws IOException;
    }

    private final SettingsReader settings;

    Resolver(SettingsReader settings) {
        this.settings = settings;
    }

    static Resolver ofSystem() {
        return new Resolver(() -> Settings.parse(Files.readAllLines(SYSTEM)));
    }

    /**
     * The records of a name, completed by the search list. None if no server knows the name.
     *
     * @throws IOException if a server could not be asked, so that it is not known whether there are any
     */
    List<DnsMessage.Answer> resolve(String name, DnsMessage.Type type) throws IOException {
        Settings now = settings.read();
        boolean everyoneSaidNo = true;
        IOException failure = null;
        for (String candidate : candidates(name, now)) {
            try {
                DnsMessage.Response response = ask(candidate, type, now);
                if (!response.answers().isEmpty()) {
                    return response.answers();
                }
                // The name is there, without such records: that may be so because a server knows half of the truth.
                everyoneSaidNo &= response.code() == DnsMessage.NAME_ERROR || response.code() == DnsMessage.NO_ERROR;
            } catch (IOException e) {
                everyoneSaidNo = false;
                failure = e;
            }
        }
        if (everyoneSaidNo) {
            return List.of();
        }
        throw new IOException(
                "could not resolve \"" + name + "\": "
                        + (failure == null ? "no server answered" : failure.getMessage()),
                failure);
    }

    private static Set<String> candidates(String name, Settings settings) {
        Set<String> names = new LinkedHashSet<>();
        if (name.endsWith(".")) {
            names.add(name);
            return names;
        }
        boolean asItIs = name.chars().filter(c -> c == '.').count() >= settings.dots();
        if (asItIs) {
            names.add(name + ".");
        }
        settings.search().forEach(domain -> names.add(name + "." + domain.replaceAll("\\.$", "") + "."));
        names.add(name + ".");
        return names;
    }

    private static DnsMessage.Response ask(String name, DnsMessage.Type type, Settings settings) throws IOException {
        IOException last = new IOException("there is no name server");
        for (int attempt = 0; attempt < settings.attempts(); attempt++) {
            for (InetSocketAddress server : settings.servers()) {
                try {
                    DnsMessage.Response response = ask(server, name, type, settings.timeoutMs());
                    if (response.code() == DnsMessage.NO_ERROR || response.code() == DnsMessage.NAME_ERROR) {
                        return response;
                    }
                    last = new IOException("server " + server + " answered with code " + response.code());
                } catch (IOException e) {
                    last = new IOException("server " + server + ": " + e.getMessage(), e);
                }
            }
        }
        throw last;
    }

    private static DnsMessage.Response ask(InetSocketAddress server, String name, DnsMessage.Type type, int timeoutMs)
            throws IOException {
        int id = ThreadLocalRandom.current().nextInt(1 << 16);
        byte[] query = DnsMessage.query(id, name, type);
        DnsMessage.Response response = byUdp(server, query, id, type, timeoutMs);
        return response.truncated() ? byTcp(server, query, type, timeoutMs) : response;
    }

    private static DnsMessage.Response byUdp(
            InetSocketAddress server, byte[] query, int id, DnsMessage.Type type, int timeoutMs) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Connected: packets of others do not arrive.
            socket.connect(server);
            socket.setSoTimeout(timeoutMs);
            socket.send(new DatagramPacket(query, query.length));
            DatagramPacket packet = new DatagramPacket(new byte[MAX_UDP], MAX_UDP);
            while (true) {
                socket.receive(packet);
                DnsMessage.Response response = DnsMessage.response(packet.getData(), packet.getLength(), type);
                if (response.id() == id) {
                    return response;
                }
                packet.setLength(MAX_UDP);
            }
        }
    }

    private static DnsMessage.Response byTcp(
            InetSocketAddress server, byte[] query, DnsMessage.Type type, int timeoutMs) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, timeoutMs);
            socket.setSoTimeout(timeoutMs);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(query.length);
            out.write(query);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] bytes = new byte[in.readUnsignedShort()];
            in.readFully(bytes);
            return DnsMessage.response(bytes, bytes.length, type);
        }
    }
}
