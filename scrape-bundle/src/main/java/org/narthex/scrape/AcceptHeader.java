package org.narthex.scrape;

import java.util.List;
import java.util.Map;

import org.narthex.api.config.ScrapeConfig.Exposition;

/** Says which formats a target may answer in, those preferred first. */
final class AcceptHeader {
    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "PrometheusProto",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
            "PrometheusText0.0.4",
            "text/plain;version=0.0.4",
            "PrometheusText1.0.0",
            "text/plain;version=1.0.0",
            "OpenMetricsText0.0.1",
            "application/openmetrics-text;version=0.0.1",
            "OpenMetricsText1.0.0",
            "application/openmetrics-text;version=1.0.0");

    private static final List<String> USUAL =
            List.of("OpenMetricsText1.0.0", "OpenMetricsText0.0.1", "PrometheusText1.0.0", "PrometheusText0.0.4");
    /** Only this format has native histograms, and since when all kinds of series count. */
    private static final List<String> PROTOBUF_FIRST = List.of(
            "PrometheusProto",
            "OpenMetricsText1.0.0",
            "OpenMetricsText0.0.1",
            "PrometheusText1.0.0",
            "PrometheusText0.0.4");

    private AcceptHeader() {}

    /** @param protobufFirst whether protobuf is preferred, should the configuration not say anything */
    static String of(Exposition exposition, boolean protobufFirst) {
        List<String> protocols = exposition.scrapeProtocols();
        if (protocols.isEmpty()) {
            protocols = protobufFirst ? PROTOBUF_FIRST : USUAL;
        }
        StringBuilder header = new StringBuilder();
        int weight = MEDIA_TYPES.size() + 1;
        for (String protocol : protocols) {
            header.append(MEDIA_TYPES.get(protocol));
            if (protocol.endsWith("1.0.0")) {
                // Older versions know nothing of names that need it.
                header.append(";escaping=").append(exposition.escapingScheme());
            }
            header.append(";q=0.").append(weight--).append(',');
        }
        return header.append("*/*;q=0.").append(weight).toString();
    }
}
