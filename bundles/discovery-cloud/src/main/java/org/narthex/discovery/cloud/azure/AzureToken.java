package org.narthex.discovery.cloud.azure;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.Json;

/** An access token, by the method of the section; kept until shortly before it ends. */
final class AzureToken {
    private static final long EARLY_MS = 120_000;
    private static final Map<String, String> FORM = Map.of("Content-Type", "application/x-www-form-urlencoded");

    /** {@code authentication_method}. */
    enum Method {
        OAUTH("OAuth"),
        MANAGED_IDENTITY("ManagedIdentity"),
        SDK("SDK"),
        WORKLOAD_IDENTITY("WorkloadIdentity");

        private final String text;

        Method(String text) {
            this.text = text;
        }

        static Method of(ConfigNode section) throws ConfigException {
            String name = section.string("authentication_method", OAUTH.text);
            for (Method method : values()) {
                if (method.text.equals(name)) {
                    method.check(section);
                    return method;
                }
            }
            throw section.require("authentication_method")
                    .error("unknown authentication_type \"" + name + "\". Supported types are \"OAuth\", "
                            + "\"ManagedIdentity\", \"SDK\" or \"WorkloadIdentity\"");
        }

        private void check(ConfigNode section) throws ConfigException {
            for (String key : new String[] {"tenant_id", "client_id", "client_secret"}) {
                if (this == OAUTH && section.string(key, "").isEmpty()) {
                    throw section.error("azure SD configuration requires a " + key);
                }
            }
        }
    }

    private final String tenant;
    private final String client;
    private final String secret;
    private final Method method;
    private final AzureCloud cloud;
    private final AzureCloud.Places places;
    private final HttpQuestion question;
    private final InstantSource clock;
    private String token = "";
    private long endsAtMs;

    AzureToken(
            ConfigNode section,
            Method method,
            AzureCloud cloud,
            AzureCloud.Places places,
            HttpQuestion question,
            InstantSource clock)
            throws ConfigException {
        tenant = section.string("tenant_id", "");
        client = section.string("client_id", "");
        secret = section.string("client_secret", "");
        this.method = method;
        this.cloud = cloud;
        this.places = places;
        this.question = question;
        this.clock = clock;
    }

    String get() throws IOException, InterruptedException {
        if (token.isEmpty() || clock.millis() > endsAtMs - EARLY_MS) {
            Json answer = fetch();
            token = answer.text("access_token");
            endsAtMs = clock.millis() + answer.get("expires_in").integer(0) * 1000;
            if (token.isEmpty()) {
                throw new IOException("the answer holds no access token");
            }
        }
        return token;
    }

    private Json fetch() throws IOException, InterruptedException {
        return switch (method) {
            case OAUTH -> bySecret(tenant, client, secret);
            case MANAGED_IDENTITY -> byMachine();
            case WORKLOAD_IDENTITY -> byWorkload();
            case SDK -> {
                if (!places.variable("AZURE_CLIENT_SECRET").isEmpty()) {
                    yield bySecret(
                            or(tenant, "AZURE_TENANT_ID"),
                            places.variable("AZURE_CLIENT_ID"),
                            places.variable("AZURE_CLIENT_SECRET"));
                }
                yield places.variable("AZURE_FEDERATED_TOKEN_FILE").isEmpty() ? byMachine() : byWorkload();
            }
        };
    }

    private String or(String value, String variable) {
        return value.isEmpty() ? places.variable(variable) : value;
    }

    private Json bySecret(String ofTenant, String id, String password) throws IOException, InterruptedException {
        return login(ofTenant, Map.of("client_id", id, "client_secret", password));
    }

    private Json byWorkload() throws IOException, InterruptedException {
        String file = places.variable("AZURE_FEDERATED_TOKEN_FILE");
        if (file.isEmpty()) {
            throw new IOException("AZURE_FEDERATED_TOKEN_FILE is not set");
        }
        return login(
                or(tenant, "AZURE_TENANT_ID"),
                Map.of(
                        "client_id",
                        or(client, "AZURE_CLIENT_ID"),
                        "client_assertion_type",
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                        "client_assertion",
                        Files.readString(Path.of(file)).strip()));
    }

    private Json login(String ofTenant, Map<String, String> proof) throws IOException, InterruptedException {
        Map<String, String> form = new LinkedHashMap<>(proof);
        form.put("grant_type", "client_credentials");
        form.put("scope", cloud.manager() + "/.default");
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) ->
                body.append(body.isEmpty() ? "" : "&").append(name).append('=').append(encoded(value)));
        URI uri = URI.create(cloud.login() + "/" + encoded(ofTenant) + "/oauth2/v2.0/token");
        return Json.parse(question.send("POST", uri, body.toString().getBytes(StandardCharsets.UTF_8), FORM)
                .body());
    }

    private Json byMachine() throws IOException, InterruptedException {
        URI uri = URI.create(places.metadata() + "/metadata/identity/oauth2/token?api-version=2018-02-01&resource="
                + encoded(cloud.manager()) + (client.isEmpty() ? "" : "&client_id=" + encoded(client)));
        return Json.parse(question.send("GET", uri, new byte[0], Map.of("Metadata", "true"))
                .body());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
