package org.narthex.config;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientKeys;

/** Reads Prometheus' HTTP client keys, which stand inline in many sections, and notes those that cannot be honoured. */
final class HttpClientReader {
    static final String[] KEYS = HttpClientKeys.NAMES.toArray(String[]::new);

    private final Diagnostics diagnostics;

    /** @param folder of the file; what is read knows itself where it stands */
    HttpClientReader(Path folder, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    HttpClientConfig read(Section section) throws ConfigException {
        return read(section, HttpClientConfig.DEFAULT);
    }

    HttpClientConfig read(Section section, HttpClientConfig defaults) throws ConfigException {
        HttpClientConfig config = HttpClientKeys.read(section.node(), defaults);
        note(section);
        if (section.has("oauth2")) {
            note(section.section("oauth2"));
        }
        return config;
    }

    private void note(Section section) throws ConfigException {
        for (String part : new String[] {"basic_auth", "authorization", "tls_config"}) {
            if (section.has(part)) {
                noteReferences(section.section(part));
            }
        }
        noteReferences(section);
        noteProxy(section);
    }

    /** There is no manager of secrets that could be asked. */
    private void noteReferences(Section section) throws ConfigException {
        for (Map.Entry<String, ConfigNode> entry : section.node().entries().entrySet()) {
            if (entry.getKey().endsWith("_ref")) {
                diagnostics.add(
                        entry.getValue(),
                        entry.getKey()
                                + " is accepted, but there is no manager of secrets to ask: requests that need it "
                                + "will fail");
            }
        }
    }

    private void noteProxy(Section section) throws ConfigException {
        String url = section.text("proxy_url", "");
        if (!url.isEmpty() && !url.toLowerCase(Locale.ROOT).matches("(https?|socks5h?)://.*")) {
            diagnostics.add(
                    section.node().require("proxy_url"),
                    "only proxies of http, https, socks5 and socks5h are supported; requests that need this one will fail");
        }
        for (String header :
                section.section("proxy_connect_header").node().entries().keySet()) {
            if (!header.toLowerCase(Locale.ROOT).startsWith("proxy-")) {
                diagnostics.add(
                        section.node().require("proxy_connect_header"),
                        "proxy_connect_header." + header + " is accepted but not sent: only headers that begin with "
                                + "Proxy- can be");
            }
        }
    }
}
