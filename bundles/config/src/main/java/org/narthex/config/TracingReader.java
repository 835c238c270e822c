package org.narthex.config;

import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.TracingConfig;
import org.narthex.api.http.HttpClientKeys;

/** Reads the section {@code tracing}. */
final class TracingReader {
    private static final long DEFAULT_TIMEOUT_MS = 10_000;

    private TracingReader() {}

    static Optional<TracingConfig> read(Section top) throws ConfigException {
        if (!top.has("tracing")) {
            return Optional.empty();
        }
        Section tracing = top.section("tracing");
        tracing.only(
                "client_type",
                "endpoint",
                "sampling_fraction",
                "insecure",
                "tls_config",
                "headers",
                "compression",
                "timeout");
        TracingConfig.Protocol protocol =
                switch (tracing.text("client_type", "grpc")) {
                    case "grpc" -> TracingConfig.Protocol.GRPC;
                    case "http" -> TracingConfig.Protocol.HTTP;
                    default -> throw tracing.error("client_type", "expected tracing client type to be http or grpc");
                };
        if (tracing.text("endpoint", "").isEmpty()) {
            throw tracing.error("tracing endpoint must be set");
        }
        return Optional.of(new TracingConfig(
                protocol,
                tracing.text("endpoint", ""),
                tracing.number("sampling_fraction", 0),
                tracing.bool("insecure", false),
                HttpClientKeys.tls(tracing.section("tls_config").node()),
                headers(tracing),
                compresses(tracing),
                timeoutMs(tracing)));
    }

    private static long timeoutMs(Section tracing) throws ConfigException {
        long given = tracing.duration("timeout", 0);
        return given > 0 ? given : DEFAULT_TIMEOUT_MS;
    }

    private static Map<String, String> headers(Section tracing) throws ConfigException {
        Map<String, String> headers = tracing.textMap("headers");
        for (String name : headers.keySet()) {
            if (name.equalsIgnoreCase("authorization")) {
                throw tracing.error("headers", "authorization header configuration is not yet supported");
            }
            RemoteSections.checkHeader(tracing, name);
        }
        return headers;
    }

    private static boolean compresses(Section tracing) throws ConfigException {
        String compression = tracing.text("compression", "");
        if (!compression.isEmpty() && !compression.equals("gzip")) {
            throw tracing.error(
                    "compression", "invalid compression type " + compression + " provided, valid options: gzip");
        }
        return !compression.isEmpty();
    }
}
