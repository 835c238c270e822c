package org.narthex.config;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/** Checks the sections of prometheus.yml that are known but without effect yet, so that a mistake in them is not found only once they have one. */
final class AcceptedSections {
    private final Path folder;
    private final boolean legacyNames;
    private final Diagnostics diagnostics;

    AcceptedSections(Path folder, boolean legacyNames, Diagnostics diagnostics) {
        this.folder = folder;
        this.legacyNames = legacyNames;
        this.diagnostics = diagnostics;
    }

    void check(Section top) throws ConfigException {
        diagnostics.notInForce(top, "runtime", "remote_write", "remote_read", "otlp");
        top.section("runtime").only("gogc");
        remotes(top, "remote_write");
        remotes(top, "remote_read");
        otlp(top.section("otlp"));
    }

    private void remotes(Section top, String key) throws ConfigException {
        boolean write = key.equals("remote_write");
        String what = write ? "remote write" : "remote read";
        Set<String> names = new HashSet<>();
        for (ConfigNode item : top.list(key, "empty or null " + what + " config section")) {
            Section remote = Section.of(item);
            Set<String> known = new HashSet<>(Set.of(HttpClientReader.KEYS));
            known.addAll(List.of("url", "name", "remote_timeout", "headers"));
            known.addAll(
                    write
                            ? List.of(
                                    "write_relabel_configs",
                                    "protobuf_message",
                                    "send_exemplars",
                                    "send_native_histograms",
                                    "round_robin_dns",
                                    "failed_request_logging",
                                    "queue_config",
                                    "metadata_config",
                                    "sigv4",
                                    "azuread",
                                    "google_iam")
                            : List.of(
                                    "chunked_read_limit",
                                    "read_recent",
                                    "required_matchers",
                                    "filter_external_labels"));
            remote.only(known.toArray(String[]::new));
            if (!remote.has("url")) {
                throw remote.error("url for " + key + " is empty");
            }
            String name = remote.text("name", "");
            if (!name.isEmpty() && !names.add(name)) {
                throw remote.error("name", "found multiple " + what + " configs with job name \"" + name + "\"");
            }
            for (String header : remote.textMap("headers").keySet()) {
                if (header.equalsIgnoreCase("authorization")) {
                    throw remote.error(
                            "headers",
                            "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, "
                                    + "azuread or google_iam parameter");
                }
                checkHeader(remote, header);
            }
            new HttpClientReader(folder, new Diagnostics()).read(remote);
            if (write) {
                remoteWrite(remote);
            }
        }
    }

    private void remoteWrite(Section remote) throws ConfigException {
        RelabelReader.read(remote, "write_relabel_configs", "relabeling rule in remote write config", legacyNames);
        switch (remote.text("protobuf_message", "")) {
            case "", "prometheus.WriteRequest", "io.prometheus.write.v2.Request" -> {}
            default ->
                throw remote.error(
                        "protobuf_message",
                        "invalid protobuf_message value: unknown type for remote write protobuf message "
                                + remote.text("protobuf_message", "")
                                + ", supported: prometheus.WriteRequest, io.prometheus.write.v2.Request");
        }
        Section queue = remote.section("queue_config");
        queue.only(
                "capacity",
                "max_shards",
                "min_shards",
                "max_samples_per_send",
                "batch_send_deadline",
                "min_backoff",
                "max_backoff",
                "retry_on_http_429",
                "sample_age_limit");
        for (String key : new String[] {"max_samples_per_send", "max_shards", "min_shards", "capacity"}) {
            if (queue.integer(key, 1) <= 0) {
                throw queue.error(key, "remote write queue " + key + " must be positive");
            }
        }
        if (queue.integer("min_shards", 1) > queue.integer("max_shards", 50)) {
            throw queue.error("remote write queue min_shards must not be greater than max_shards");
        }
        if (queue.duration("max_backoff", 5_000) < queue.duration("min_backoff", 30)) {
            throw queue.error("remote write queue max_backoff must not be less than min_backoff");
        }
        remote.section("metadata_config").only("send", "send_interval", "max_samples_per_send");
        if (remote.has("azuread")) {
            AzureAdSection.check(remote.section("azuread"));
        }
        if (remote.count("sigv4", "azuread", "google_iam", "basic_auth", "authorization", "oauth2") > 1) {
            throw remote.error(
                    "at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must be configured");
        }
    }

    /** Refuses headers that the sending itself sets. */
    static void checkHeader(Section section, String name) throws ConfigException {
        switch (name.toLowerCase(Locale.ROOT)) {
            case "host",
                    "content-encoding",
                    "content-length",
                    "content-type",
                    "user-agent",
                    "connection",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "www-authenticate",
                    "accept-encoding",
                    "x-prometheus-remote-write-version",
                    "x-prometheus-remote-read-version",
                    "x-amz-date",
                    "x-amz-security-token",
                    "x-amz-content-sha256" ->
                throw section.error("headers", name + " is a reserved header. It must not be changed");
            default -> {}
        }
    }

    private void otlp(Section otlp) throws ConfigException {
        otlp.only(
                "promote_resource_attributes",
                "promote_all_resource_attributes",
                "ignore_resource_attributes",
                "translation_strategy",
                "keep_identifying_resource_attributes",
                "convert_histograms_to_nhcb",
                "promote_scope_metadata",
                "label_name_underscore_sanitization",
                "label_name_preserve_multiple_underscores");
        boolean all = otlp.bool("promote_all_resource_attributes", false);
        if (all && !otlp.texts("promote_resource_attributes").isEmpty()) {
            throw otlp.error(
                    "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously");
        }
        if (!all && !otlp.texts("ignore_resource_attributes").isEmpty()) {
            throw otlp.error(
                    "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true");
        }
        attributes(otlp, "promote_resource_attributes", "promoted");
        attributes(otlp, "ignore_resource_attributes", "ignored");
        String strategy = otlp.text("translation_strategy", "UnderscoreEscapingWithSuffixes");
        switch (strategy) {
            case "", "UnderscoreEscapingWithSuffixes", "UnderscoreEscapingWithoutSuffixes" -> {}
            case "NoUTF8EscapingWithSuffixes", "NoTranslation" -> {
                if (legacyNames) {
                    throw otlp.error(
                            "translation_strategy",
                            "OTLP translation strategy \"" + strategy + "\" is not allowed when UTF8 is disabled");
                }
            }
            default ->
                throw otlp.error("translation_strategy", "unsupported OTLP translation strategy \"" + strategy + "\"");
        }
    }

    private static void attributes(Section otlp, String key, String how) throws ConfigException {
        Set<String> seen = new HashSet<>();
        StringBuilder faults = new StringBuilder();
        for (String attribute : otlp.texts(key)) {
            String name = attribute.strip();
            if (name.isEmpty()) {
                faults.append("; empty ").append(how).append(" OTel resource attribute");
            } else if (!seen.add(name)) {
                faults.append("; duplicated ")
                        .append(how)
                        .append(" OTel resource attribute \"")
                        .append(name)
                        .append('"');
            }
        }
        if (!faults.isEmpty()) {
            throw otlp.error(key, "invalid '" + key + "' " + faults);
        }
    }
}
