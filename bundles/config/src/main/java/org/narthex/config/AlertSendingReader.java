package org.narthex.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.narthex.api.config.AlertSendingConfig;
import org.narthex.api.config.AlertSendingConfig.Alertmanagers;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientKeys;

/** Reads the {@code alerting} section of prometheus.yml. */
final class AlertSendingReader {
    static final long TIMEOUT_MS = 10_000;
    /** The only one there is. */
    static final String API_VERSION = "v2";
    /** Amazon's own Prometheus, whose rules and alerts go by one name. */
    private static final String AWS_SERVICE = "aps";

    private final Path folder;
    private final boolean legacyNames;
    private final Diagnostics diagnostics;

    /** @param folder what relative file names are relative to */
    AlertSendingReader(Path folder, boolean legacyNames, Diagnostics diagnostics) {
        this.folder = folder;
        this.legacyNames = legacyNames;
        this.diagnostics = diagnostics;
    }

    AlertSendingConfig read(Section alerting) throws ConfigException {
        alerting.only("alert_relabel_configs", "alertmanagers");
        List<Alertmanagers> all = new ArrayList<>();
        for (ConfigNode item : alerting.list("alertmanagers", "empty or null Alertmanager section")) {
            all.add(alertmanagers(Section.of(item)));
        }
        return new AlertSendingConfig(
                RelabelReader.read(alerting, "alert_relabel_configs", "alert relabeling rule", legacyNames), all);
    }

    private Alertmanagers alertmanagers(Section section) throws ConfigException {
        Set<String> known = new HashSet<>(Set.of(HttpClientReader.KEYS));
        known.addAll(List.of(
                "scheme",
                "path_prefix",
                "timeout",
                "api_version",
                "relabel_configs",
                "alert_relabel_configs",
                "sigv4",
                "static_configs"));
        known.addAll(ScrapeReader.DISCOVERIES.keys());
        section.only(known.toArray(String[]::new));
        String version = section.text("api_version", API_VERSION);
        if (!version.isEmpty() && !version.equals(API_VERSION)) {
            throw section.error("api_version", "expected Alertmanager api version to be v2, found " + version);
        }
        String scheme = section.text("scheme", "http");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw section.error("scheme", "must be http or https, found \"" + scheme + "\"");
        }
        List<RelabelConfig> relabel =
                RelabelReader.read(section, "relabel_configs", "Alertmanager target relabeling rule", legacyNames);
        return new Alertmanagers(
                scheme,
                section.text("path_prefix", ""),
                section.duration("timeout", TIMEOUT_MS),
                http(section),
                relabel,
                RelabelReader.read(section, "alert_relabel_configs", "Alertmanager alert relabeling rule", legacyNames),
                ScrapeReader.staticConfigs(section, relabel.isEmpty()),
                ScrapeReader.discoveries(section, folder, diagnostics));
    }

    private HttpClientConfig http(Section section) throws ConfigException {
        HttpClientConfig http = new HttpClientReader(folder, diagnostics).read(section);
        if (!section.has("sigv4")) {
            return http;
        }
        if (section.count("basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file") > 0) {
            throw section.error("at most one of basic_auth, authorization, oauth2, & sigv4 must be configured");
        }
        return http.withAws(HttpClientKeys.sigv4(section.section("sigv4").node(), AWS_SERVICE));
    }
}
