package org.narthex.probe;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/** The address to probe from, where a module names one. */
final class SourceAddress {
    static final String KEY = "source_ip_address";

    private SourceAddress() {}

    static Optional<InetAddress> read(ConfigNode section) throws ConfigException {
        Optional<ConfigNode> given = section.given(KEY);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        String text = given.get().text();
        try {
            // Letters without a colon would be looked up.
            if (text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.%a-z]*")) {
                return Optional.of(InetAddress.getByName(text));
            }
        } catch (UnknownHostException e) {
            throw given.get().error("\"" + text + "\" is no IP address: " + e.getMessage());
        }
        throw given.get().error("\"" + text + "\" is no IP address");
    }
}
