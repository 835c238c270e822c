package org.narthex.rest;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a client may want metrics written in. */
enum ExpositionFormat {
    TEXT("text/plain; version=0.0.4; charset=utf-8"),
    OPEN_METRICS_0_0_1("application/openmetrics-text; version=0.0.1; charset=utf-8"),
    OPEN_METRICS_1_0_0("application/openmetrics-text; version=1.0.0; charset=utf-8"),
    PROTOBUF("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"),
    PROTOBUF_TEXT("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text"),
    PROTOBUF_COMPACT_TEXT(
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=compact-text");

    private final String contentType;

    ExpositionFormat(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** The format that one element of an {@code Accept} header means, if it is one of those given. */
    static Optional<ExpositionFormat> of(
            String mediaType, Map<String, String> parameters, Set<ExpositionFormat> among) {
        return among.stream()
                .filter(format -> format.isMeant(mediaType, parameters))
                .findFirst();
    }

    private boolean isMeant(String mediaType, Map<String, String> parameters) {
        if (!contentType.startsWith(mediaType + ";")) {
            return false;
        }
        String version = parameters.getOrDefault("version", "");
        return switch (this) {
            case TEXT -> version.isEmpty() || version.equals("0.0.4");
            // Whoever names no version knows the first.
            case OPEN_METRICS_0_0_1 -> version.isEmpty() || version.equals("0.0.1");
            case OPEN_METRICS_1_0_0 -> version.equals("1.0.0");
            case PROTOBUF, PROTOBUF_TEXT, PROTOBUF_COMPACT_TEXT ->
                "io.prometheus.client.MetricFamily".equals(parameters.get("proto"))
                        && contentType.endsWith("encoding=" + parameters.get("encoding"));
        };
    }
}
