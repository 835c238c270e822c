package org.narthex.channel.email;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig.Tls;
import org.narthex.api.http.HttpClientKeys;

/**
 * One element of {@code email_configs}, templates executed and global settings filled in.
 *
 * @param headers by name, as they are written; subject, sender and addressees are always among them
 * @param implicitTls whether the connection is encrypted from its first byte
 * @param requireTls whether it must be made so by STARTTLS otherwise
 * @param threading whether messages of a group hang together
 * @param threadDaily whether those of another day are another thread
 */
record EmailSection(
        ConfigNode node,
        String to,
        String from,
        String hello,
        String host,
        int port,
        Map<String, String> headers,
        String html,
        String text,
        boolean implicitTls,
        boolean requireTls,
        Tls tls,
        boolean threading,
        boolean threadDaily) {
    private static final int SMTPS_PORT = 465;

    static EmailSection of(ConfigNode node) throws ConfigException {
        node.onlyKeys(
                "send_resolved",
                "to",
                "from",
                "hello",
                "smarthost",
                "auth_username",
                "auth_password",
                "auth_password_file",
                "auth_secret",
                "auth_secret_file",
                "auth_identity",
                "headers",
                "html",
                "text",
                "require_tls",
                "tls_config",
                "force_implicit_tls",
                "threading");
        node.bool("send_resolved", false);
        String smarthost = node.require("smarthost").text();
        int colon = smarthost.lastIndexOf(':');
        int port = port(node, smarthost.substring(colon + 1));
        Optional<ConfigNode> tls = node.given("tls_config");
        ConfigNode threading = node.given("threading").orElseGet(() -> ConfigNode.of(Map.of()));
        return new EmailSection(
                node,
                node.require("to").text(),
                node.require("from").text(),
                node.string("hello", "localhost"),
                smarthost.substring(0, Math.max(0, colon)).replaceAll("^\\[|\\]$", ""),
                port,
                headers(node),
                node.string("html", ""),
                node.string("text", ""),
                node.bool("force_implicit_tls", port == SMTPS_PORT),
                node.bool("require_tls", true),
                tls.isPresent() ? HttpClientKeys.tls(tls.get()) : Tls.DEFAULT,
                threading.bool("enabled", false),
                !threading.string("thread_by_date", "daily").equals("none"));
    }

    private static int port(ConfigNode node, String text) throws ConfigException {
        switch (text) {
            case "smtp" -> {
                return 25;
            }
            case "smtps" -> {
                return SMTPS_PORT;
            }
            case "submission" -> {
                return 587;
            }
            default -> {
                // A number.
            }
        }
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw node.require("smarthost").error("not a port: " + text);
    }

    private static Map<String, String> headers(ConfigNode node) throws ConfigException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : node.stringMap("headers").entrySet()) {
            if (!header.getKey().matches("[!-9;-~]+")) {
                throw node.require("headers").error("\"" + header.getKey() + "\" cannot be the name of a header");
            }
            headers.put(canonical(header.getKey()), header.getValue());
        }
        headers.putIfAbsent("Subject", "Alerts");
        headers.putIfAbsent("To", node.require("to").text());
        headers.putIfAbsent("From", node.require("from").text());
        return headers;
    }

    /** {@code X-My-Header}. */
    private static String canonical(String name) {
        StringBuilder out = new StringBuilder(name.toLowerCase(Locale.ROOT));
        for (int i = 0; i < out.length(); i++) {
            if (i == 0 || out.charAt(i - 1) == '-') {
                out.setCharAt(i, Character.toUpperCase(out.charAt(i)));
            }
        }
        return out.toString();
    }

    /** @throws IllegalArgumentException naming what is no address */
    List<Address> receivers() {
        return Address.list(to);
    }

    /** @throws IllegalArgumentException if there is not exactly one */
    Address sender() {
        List<Address> senders = Address.list(from);
        if (senders.size() != 1) {
            throw new IllegalArgumentException("must be exactly one 'from' address (got: " + senders.size() + ")");
        }
        return senders.get(0);
    }

    String text(String key) throws ConfigException {
        return node.string(key, "");
    }

    /** The text of the key, or the content of the file that the key with {@code _file} names, read now. */
    String secret(String key) throws ConfigException, IOException {
        Optional<ConfigNode> file = node.given(key + "_file");
        return file.isPresent()
                ? Files.readString(HttpClientKeys.path(file.get())).strip()
                : text(key);
    }
}
