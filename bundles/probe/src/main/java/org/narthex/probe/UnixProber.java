package org.narthex.probe;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Supplier;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;

/** The prober {@code unix}: connects to a socket of this machine, and holds a conversation if the module has one. */
final class UnixProber implements Prober {
    private final Conversation conversation;

    UnixProber(ConfigNode section, Supplier<HttpClients> clients) throws ConfigException {
        section.onlyKeys(Conversation.STEPS, Conversation.TLS, Conversation.TLS_CONFIG);
        conversation = new Conversation(section, clients);
    }

    @Override
    public boolean probe(ProbeRun run) throws IOException {
        conversation.announce(run);
        if (conversation.needsServerName() && run.hostname().isEmpty()) {
            return run.fails("A socket has no name that a certificate could be for: tls_config needs server_name or "
                    + "insecure_skip_verify, or the request hostname");
        }
        run.log("Dialing unix path=" + run.target());
        try (UnixSocket socket = new UnixSocket(Path.of(run.target()))) {
            run.log("Successfully dialed");
            return conversation.hold(socket, run.hostname().isEmpty() ? "localhost" : run.hostname(), run);
        } catch (InvalidPathException e) {
            throw new IOException("\"" + run.target() + "\" is no path: " + e.getReason(), e);
        }
    }
}
