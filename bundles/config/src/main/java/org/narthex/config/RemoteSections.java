package org.narthex.config;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.config.SectionSchema.Kind;

/** The rules of {@code remote_write} and {@code remote_read}. */
final class RemoteSections {
    private static final SectionSchema QUEUE = SectionSchema.texts()
            .with(Kind.INTEGER, "capacity", "max_shards", "min_shards", "max_samples_per_send")
            .with(Kind.DURATION, "batch_send_deadline", "min_backoff", "max_backoff", "sample_age_limit")
            .with(Kind.BOOL, "retry_on_http_429")
            .rule(RemoteSections::checkQueue);
    private static final SectionSchema METADATA = SectionSchema.texts()
            .with(Kind.BOOL, "send")
            .with(Kind.DURATION, "send_interval")
            .with(Kind.INTEGER, "max_samples_per_send");
    private static final SectionSchema GOOGLE = SectionSchema.texts("credentials_file");
    private static final SectionSchema READ = SectionSchema.texts("url", "name")
            .with(Kind.DURATION, "remote_timeout")
            .with(Kind.TEXT_MAP, "headers")
            .with(Kind.INTEGER, "chunked_read_limit")
            .with(Kind.BOOL, "read_recent", "filter_external_labels")
            .with(Kind.LABELS, "required_matchers")
            .http()
            .url("url", "url for remote_read is empty");

    private final HttpClientReader clients;
    private final boolean legacyNames;
    private final SectionSchema write;

    /** @param folder what relative file names are relative to */
    RemoteSections(Path folder, boolean legacyNames) {
        this.clients = new HttpClientReader(folder, new Diagnostics());
        this.legacyNames = legacyNames;
        write = SectionSchema.texts("url", "name", "protobuf_message")
                .with(Kind.DURATION, "remote_timeout")
                .with(Kind.TEXT_MAP, "headers")
                .with(
                        Kind.BOOL,
                        "send_exemplars",
                        "send_native_histograms",
                        "round_robin_dns",
                        "failed_request_logging")
                .with(
                        Kind.OTHER,
                        "write_relabel_configs",
                        "queue_config",
                        "metadata_config",
                        "sigv4",
                        "azuread",
                        "google_iam")
                .http()
                .url("url", "url for remote_write is empty")
                .rule(this::checkWrite);
    }

    void writes(Section top) throws ConfigException {
        check(top, "remote_write", "remote write", write);
    }

    void reads(Section top) throws ConfigException {
        check(top, "remote_read", "remote read", READ);
    }

    private void check(Section top, String key, String what, SectionSchema schema) throws ConfigException {
        Set<String> names = new HashSet<>();
        for (ConfigNode item : top.list(key, "empty or null " + what + " config section")) {
            Section remote = Section.of(item);
            schema.check(remote, clients);
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
        }
    }

    private void checkWrite(Section remote) throws ConfigException {
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
        QUEUE.check(remote.section("queue_config"), clients);
        METADATA.check(remote.section("metadata_config"), clients);
        GOOGLE.check(remote.section("google_iam"), clients);
        HttpClientKeys.sigv4(remote.section("sigv4").node(), "aps");
        if (remote.has("azuread")) {
            AzureAdSection.check(remote.section("azuread"));
        }
        if (remote.count("sigv4", "azuread", "google_iam", "basic_auth", "authorization", "oauth2") > 1) {
            throw remote.error(
                    "at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must be configured");
        }
    }

    private static void checkQueue(Section queue) throws ConfigException {
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
}
