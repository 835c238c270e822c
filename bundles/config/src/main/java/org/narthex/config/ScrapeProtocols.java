package org.narthex.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.narthex.api.config.ConfigException;

/** The names of exposition formats. */
final class ScrapeProtocols {
    private static final List<String> KNOWN = List.of(
            "OpenMetricsText0.0.1",
            "OpenMetricsText1.0.0",
            "PrometheusProto",
            "PrometheusText0.0.4",
            "PrometheusText1.0.0");

    private ScrapeProtocols() {}

    /**
     * The formats to ask for; empty if none are given.
     *
     * @param suffix what the messages end with, to name the job
     */
    static List<String> read(Section section, String suffix) throws ConfigException {
        List<String> protocols = section.texts("scrape_protocols");
        if (protocols.isEmpty() && section.has("scrape_protocols")) {
            throw section.error("scrape_protocols", "scrape_protocols cannot be empty" + suffix);
        }
        Set<String> seen = new HashSet<>();
        for (String protocol : protocols) {
            if (!KNOWN.contains(protocol)) {
                throw section.error(
                        "scrape_protocols",
                        "unknown scrape protocol " + protocol + ", supported: " + list(KNOWN) + suffix);
            }
            if (!seen.add(protocol)) {
                throw section.error(
                        "scrape_protocols", "duplicated protocol in scrape_protocols, got " + list(protocols) + suffix);
            }
        }
        return protocols;
    }

    static String fallback(Section section, String suffix) throws ConfigException {
        String protocol = section.text("fallback_scrape_protocol", "");
        if (!protocol.isEmpty() && !KNOWN.contains(protocol)) {
            throw section.error(
                    "fallback_scrape_protocol",
                    "invalid fallback_scrape_protocol" + suffix + ": unknown scrape protocol " + protocol
                            + ", supported: " + list(KNOWN));
        }
        return protocol;
    }

    private static String list(List<String> protocols) {
        return "[" + String.join(" ", protocols) + "]";
    }
}
