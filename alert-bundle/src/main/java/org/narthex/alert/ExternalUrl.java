package org.narthex.alert;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;

/** Where people reach this server: {@code --web.external-url}, else made of the host's name and the port it listens on. */
public final class ExternalUrl {
    private final Flags flags;
    /** Looked up on first use, since asking for the host's name may take a while. */
    private volatile String url;

    public ExternalUrl(Flags flags) {
        this.flags = flags;
    }

    /** Without a slash at the end. */
    public String get() {
        String known = url;
        if (known == null) {
            known = compute();
            url = known;
        }
        return known;
    }

    private String compute() {
        String given = flags.text(Flag.WEB_EXTERNAL_URL);
        if (given.isEmpty()) {
            String listen = flags.text(Flag.WEB_LISTEN_ADDRESS);
            String first = listen.indexOf(',') < 0 ? listen : listen.substring(0, listen.indexOf(','));
            return "http://" + hostName() + first.substring(Math.max(0, first.lastIndexOf(':')));
        }
        String absolute = given.contains("://") ? given : "http://" + given;
        int end = absolute.length();
        while (absolute.charAt(end - 1) == '/') {
            end--;
        }
        return absolute.substring(0, end);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
