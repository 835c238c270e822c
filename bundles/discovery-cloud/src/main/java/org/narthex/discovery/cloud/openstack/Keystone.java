package org.narthex.discovery.cloud.openstack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.Json;
import org.narthex.discovery.cloud.Pages;

/** The identity service: gives a token, and says where the other services are (version 3 of its API). */
final class Keystone {
    static final List<String> KEYS = List.of(
            "identity_endpoint",
            "username",
            "userid",
            "password",
            "project_name",
            "project_id",
            "domain_name",
            "domain_id",
            "application_credential_name",
            "application_credential_id",
            "application_credential_secret");

    /** Used where the section names no {@code identity_endpoint}; then all of it comes from the environment. */
    private static final Map<String, String> VARIABLES = Map.ofEntries(
            Map.entry("identity_endpoint", "OS_AUTH_URL"),
            Map.entry("username", "OS_USERNAME"),
            Map.entry("userid", "OS_USERID"),
            Map.entry("password", "OS_PASSWORD"),
            Map.entry("project_name", "OS_PROJECT_NAME"),
            Map.entry("project_id", "OS_PROJECT_ID"),
            Map.entry("domain_name", "OS_DOMAIN_NAME"),
            Map.entry("domain_id", "OS_DOMAIN_ID"),
            Map.entry("application_credential_name", "OS_APPLICATION_CREDENTIAL_NAME"),
            Map.entry("application_credential_id", "OS_APPLICATION_CREDENTIAL_ID"),
            Map.entry("application_credential_secret", "OS_APPLICATION_CREDENTIAL_SECRET"));

    private static final long EARLY_MS = 60_000;

    private final Map<String, String> settings = new HashMap<>();
    private final String region;
    private final String availability;
    private final HttpQuestion question;
    private final InstantSource clock;
    private String token = "";
    private long endsAtMs;
    private Json catalogue = Json.ABSENT;

    Keystone(
            ConfigNode section,
            String region,
            UnaryOperator<String> environment,
            HttpQuestion question,
            InstantSource clock)
            throws ConfigException {
        boolean fromEnvironment = section.string("identity_endpoint", "").isEmpty();
        for (String key : KEYS) {
            String variable = fromEnvironment ? environment.apply(VARIABLES.get(key)) : null;
            settings.put(key, variable == null ? section.string(key, "") : variable);
        }
        availability = section.string("availability", "public");
        switch (availability) {
            case "public", "internal", "admin" -> {}
            default ->
                throw section.require("availability")
                        .error("unknown availability " + availability + ", must be one of admin, internal or public");
        }
        this.region = region;
        this.question = question;
        this.clock = clock;
    }

    /** Where a service is, without a slash at the end. */
    String service(String type) throws IOException, InterruptedException {
        authenticate();
        for (Json service : catalogue.items()) {
            if (!service.text("type").equals(type)) {
                continue;
            }
            for (Json endpoint : service.items("endpoints")) {
                boolean here = endpoint.text("region").equals(region)
                        || endpoint.text("region_id").equals(region);
                if (here && endpoint.text("interface").equals(availability)) {
                    return endpoint.text("url").replaceAll("/+$", "");
                }
            }
        }
        throw new IOException("the catalogue has no " + availability + " endpoint of " + type + " in region " + region);
    }

    /** A page of a service. */
    Json ask(String uri) throws IOException, InterruptedException {
        authenticate();
        try {
            return Json.parse(question.send("GET", Pages.address(uri), new byte[0], Map.of("X-Auth-Token", token))
                    .body());
        } catch (HttpQuestion.StatusException e) {
            if (e.status() == 401) {
                // The next question asks for another one.
                token = "";
            }
            throw e;
        }
    }

    /** The items of a list, of all its pages. */
    List<Json> all(String first, String list) throws IOException, InterruptedException {
        List<Json> items = new ArrayList<>();
        String next = first;
        Pages pages = new Pages();
        while (!next.isEmpty()) {
            Json page = ask(pages.next(next));
            items.addAll(page.items(list));
            next = page.items(list + "_links").stream()
                    .filter(link -> link.text("rel").equals("next"))
                    .map(link -> link.text("href"))
                    .findFirst()
                    .orElse("");
        }
        return items;
    }

    private void authenticate() throws IOException, InterruptedException {
        if (!token.isEmpty() && clock.millis() < endsAtMs - EARLY_MS) {
            return;
        }
        String base = settings.get("identity_endpoint").replaceAll("/+$", "");
        if (base.isEmpty()) {
            throw new IOException("neither identity_endpoint nor OS_AUTH_URL is given");
        }
        URI uri = URI.create((base.endsWith("/v3") ? base : base + "/v3") + "/auth/tokens");
        String body = "{\"auth\":{\"identity\":" + identity() + scope() + "}}";
        HttpResponse<byte[]> response = question.send(
                "POST", uri, body.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", "application/json"));
        Json answer = Json.parse(response.body()).get("token");
        token = response.headers().firstValue("X-Subject-Token").orElse("");
        catalogue = answer.get("catalog");
        endsAtMs = endsAtMs(answer.text("expires_at"));
        if (token.isEmpty()) {
            throw new IOException("could not authenticate to OpenStack: the answer holds no token");
        }
    }

    private long endsAtMs(String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException e) {
            return clock.millis() + 10 * EARLY_MS;
        }
    }

    private String identity() {
        String application = settings.get("application_credential_id").isEmpty()
                ? settings.get("application_credential_name")
                : settings.get("application_credential_id");
        if (!application.isEmpty()) {
            boolean byId = !settings.get("application_credential_id").isEmpty();
            return "{\"methods\":[\"application_credential\"],\"application_credential\":{"
                    + field(byId ? "id" : "name", application) + ","
                    + field("secret", settings.get("application_credential_secret"))
                    + (byId ? "" : ",\"user\":" + user(false)) + "}}";
        }
        return "{\"methods\":[\"password\"],\"password\":{\"user\":" + user(true) + "}}";
    }

    private String user(boolean withPassword) {
        String password = withPassword ? "," + field("password", settings.get("password")) : "";
        return settings.get("userid").isEmpty()
                ? "{" + field("name", settings.get("username")) + ",\"domain\":" + domain() + password + "}"
                : "{" + field("id", settings.get("userid")) + password + "}";
    }

    private String domain() {
        return settings.get("domain_id").isEmpty()
                ? "{" + field("name", settings.get("domain_name")) + "}"
                : "{" + field("id", settings.get("domain_id")) + "}";
    }

    private String scope() {
        if (!settings.get("project_id").isEmpty()) {
            return ",\"scope\":{\"project\":{" + field("id", settings.get("project_id")) + "}}";
        }
        if (!settings.get("project_name").isEmpty()) {
            return ",\"scope\":{\"project\":{" + field("name", settings.get("project_name")) + ",\"domain\":" + domain()
                    + "}}";
        }
        return "";
    }

    private static String field(String name, String value) {
        return "\"" + name + "\":\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
