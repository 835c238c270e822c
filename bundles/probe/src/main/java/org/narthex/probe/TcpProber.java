package org.narthex.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.function.Supplier;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;

/** The prober {@code tcp}: connects, and holds a conversation if the module has one. */
final class TcpProber implements Prober {
    private final IpProtocol protocol;
    private final Optional<InetAddress> source;
    private final Conversation conversation;

    TcpProber(ConfigNode section, Supplier<HttpClients> clients) throws ConfigException {
        section.onlyKeys(
                IpProtocol.PREFERRED,
                IpProtocol.FALLBACK,
                SourceAddress.KEY,
                Conversation.STEPS,
                Conversation.TLS,
                Conversation.TLS_CONFIG);
        protocol = IpProtocol.read(section);
        source = SourceAddress.read(section);
        conversation = new Conversation(section, clients);
    }

    @Override
    public boolean probe(ProbeRun run) throws IOException {
        conversation.announce(run);
        HostPort target = HostPort.parse(run.target(), 0);
        InetAddress address = protocol.resolve(target.host(), run).address();
        String serverName = run.hostname().isEmpty() ? target.host() : run.hostname();
        try (Socket socket = new Socket()) {
            if (source.isPresent()) {
                socket.bind(new InetSocketAddress(source.get(), 0));
            }
            run.log("Dialing TCP address=" + address.getHostAddress() + " port=" + target.port());
            socket.connect(new InetSocketAddress(address, target.port()), run.remainingMs());
            run.log("Successfully dialed");
            return conversation.hold(socket, serverName, run);
        }
    }
}
