package org.narthex.discovery.cloud.ec2;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientKeys;

/** One element of {@code ec2_sd_configs}. */
record Ec2Settings(
        String region,
        String endpoint,
        String accessKey,
        String secretKey,
        String profile,
        String roleArn,
        String externalId,
        long refreshMs,
        long port,
        Map<String, List<String>> filters,
        HttpClientConfig http) {
    private static final long REFRESH_MS = 60_000;

    static Ec2Settings of(ConfigNode section) throws ConfigException {
        HttpClientKeys.refuseOthers(
                section,
                "region",
                "endpoint",
                "access_key",
                "secret_key",
                "profile",
                "role_arn",
                "external_id",
                "refresh_interval",
                "port",
                "filters");
        Map<String, List<String>> filters = new LinkedHashMap<>();
        for (ConfigNode filter : section.list("filters")) {
            filter.onlyKeys("name", "values");
            if (filter.strings("values").isEmpty()) {
                throw filter.error("EC2 SD configuration filter values cannot be empty");
            }
            filters.put(filter.string("name", ""), filter.strings("values"));
        }
        return new Ec2Settings(
                section.string("region", ""),
                section.string("endpoint", ""),
                section.string("access_key", ""),
                section.string("secret_key", ""),
                section.string("profile", ""),
                section.string("role_arn", ""),
                section.string("external_id", ""),
                section.durationMs("refresh_interval", REFRESH_MS),
                section.integer("port", 80),
                filters,
                HttpClientKeys.read(section));
    }

    @Override
    public String toString() {
        return "EC2 in region " + region;
    }
}
