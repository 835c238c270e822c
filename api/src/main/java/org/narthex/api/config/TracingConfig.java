package org.narthex.api.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.narthex.api.http.HttpClientConfig;

/**
 * Where traces go: the section {@code tracing}.
 *
 * @param endpoint {@code host:port} of the collector
 * @param samplingFraction how many of the traces that begin here are taken down: 0 for none, 1 for all
 * @param insecure whether without TLS
 * @param timeoutMs how long a request may take
 */
public record TracingConfig(
        Protocol protocol,
        String endpoint,
        double samplingFraction,
        boolean insecure,
        HttpClientConfig.Tls tls,
        Map<String, String> headers,
        boolean gzip,
        long timeoutMs) {
    /** How OTLP is spoken. */
    public enum Protocol {
        GRPC,
        HTTP
    }

    public TracingConfig {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
}
