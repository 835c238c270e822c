package org.narthex.discovery.cloud.ec2;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.Json;

/**
 * Finds credentials where Amazon's own programs do: the section's keys, the environment, a web identity, the profile, a container's address, the
 * machine's metadata; and with them takes on a role, if one is named. They are kept until shortly before they end.
 */
final class CredentialChain {
    private static final long EARLY_MS = 300_000;
    private static final String MACHINE = "http://169.254.169.254";
    private static final String CONTAINER = "http://169.254.170.2";

    /** What is looked at. */
    record Places(UnaryOperator<String> environment, Path home, String machine, String container, String sts) {
        static Places ofProcess() {
            return new Places(System::getenv, Path.of(System.getProperty("user.home", "/")), MACHINE, CONTAINER, "");
        }

        String variable(String name) {
            String value = environment.apply(name);
            return value == null ? "" : value;
        }
    }

    private final Ec2Settings settings;
    private final Places places;
    private final HttpQuestion question;
    private final InstantSource clock;
    private Credentials known;

    CredentialChain(Ec2Settings settings, Places places, HttpQuestion question, InstantSource clock) {
        this.settings = settings;
        this.places = places;
        this.question = question;
        this.clock = clock;
    }

    Credentials get(String region) throws IOException, InterruptedException {
        if (known == null || clock.millis() > known.endsAtMs() - EARLY_MS) {
            Credentials found = find(region);
            known = settings.roleArn().isEmpty() ? found : assumed(region, found);
        }
        return known;
    }

    /** After they were refused. */
    void forget() {
        known = null;
    }

    private Credentials find(String region) throws IOException, InterruptedException {
        if (!settings.accessKey().isEmpty()) {
            return Credentials.lasting(settings.accessKey(), settings.secretKey(), "");
        }
        if (settings.profile().isEmpty()
                && !places.variable("AWS_ACCESS_KEY_ID").isEmpty()) {
            return Credentials.lasting(
                    places.variable("AWS_ACCESS_KEY_ID"),
                    places.variable("AWS_SECRET_ACCESS_KEY"),
                    places.variable("AWS_SESSION_TOKEN"));
        }
        if (!places.variable("AWS_WEB_IDENTITY_TOKEN_FILE").isEmpty()) {
            return byWebIdentity(region);
        }
        Path file = places.variable("AWS_SHARED_CREDENTIALS_FILE").isEmpty()
                ? places.home().resolve(".aws/credentials")
                : Path.of(places.variable("AWS_SHARED_CREDENTIALS_FILE"));
        if (Files.exists(file)) {
            return byProfile(file);
        }
        if (!settings.profile().isEmpty()) {
            throw new IOException("there is no " + file + " for profile " + settings.profile());
        }
        String relative = places.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        String full = places.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        if (!relative.isEmpty() || !full.isEmpty()) {
            return ofJson(byContainer(relative.isEmpty() ? full : places.container() + relative));
        }
        return byMachine();
    }

    private Credentials byProfile(Path file) throws IOException {
        String profile = settings.profile().isEmpty()
                ? places.variable("AWS_PROFILE").isEmpty() ? "default" : places.variable("AWS_PROFILE")
                : settings.profile();
        Map<String, String> keys = new java.util.HashMap<>();
        String section = "";
        for (String line : Files.readAllLines(file)) {
            String text = line.strip();
            int equals = text.indexOf('=');
            if (text.startsWith("[") && text.endsWith("]")) {
                section = text.substring(1, text.length() - 1).strip();
            } else if (equals > 0 && section.equals(profile)) {
                keys.put(
                        text.substring(0, equals).strip(),
                        text.substring(equals + 1).strip());
            }
        }
        if (!keys.containsKey("aws_access_key_id")) {
            throw new IOException(file + " has no keys for profile " + profile);
        }
        return Credentials.lasting(
                keys.get("aws_access_key_id"),
                keys.getOrDefault("aws_secret_access_key", ""),
                keys.getOrDefault("aws_session_token", ""));
    }

    private Json byContainer(String uri) throws IOException, InterruptedException {
        String token = places.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        String file = places.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        if (!file.isEmpty()) {
            token = Files.readString(Path.of(file)).strip();
        }
        Map<String, String> headers = token.isEmpty() ? Map.of() : Map.of("Authorization", token);
        return Json.parse(
                question.send("GET", URI.create(uri), new byte[0], headers).body());
    }

    private Credentials byMachine() throws IOException, InterruptedException {
        String roles = "/latest/meta-data/iam/security-credentials/";
        String role = metadata(roles).strip();
        return ofJson(Json.parse(metadata(roles + role)));
    }

    /** By the second version of the machine's metadata service, which wants a token. */
    String metadata(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> token = question.send(
                "PUT",
                URI.create(places.machine() + "/latest/api/token"),
                new byte[0],
                Map.of("X-aws-ec2-metadata-token-ttl-seconds", "300"));
        HttpResponse<byte[]> answer = question.send(
                "GET",
                URI.create(places.machine() + path),
                new byte[0],
                Map.of("X-aws-ec2-metadata-token", new String(token.body(), StandardCharsets.UTF_8)));
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static Credentials ofJson(Json json) throws IOException {
        if (json.text("AccessKeyId").isEmpty()) {
            throw new IOException("the answer holds no credentials");
        }
        String ends = json.text("Expiration");
        return new Credentials(
                json.text("AccessKeyId"),
                json.text("SecretAccessKey"),
                json.text("Token"),
                ends.isEmpty() ? Long.MAX_VALUE : Instant.parse(ends).toEpochMilli());
    }

    private URI sts(String region, String query) {
        String base = places.sts().isEmpty() ? "https://sts." + region + ".amazonaws.com" : places.sts();
        return URI.create(base + "/?" + query);
    }

    private static String parameter(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Credentials byWebIdentity(String region) throws IOException, InterruptedException {
        String token = Files.readString(Path.of(places.variable("AWS_WEB_IDENTITY_TOKEN_FILE")))
                .strip();
        String session = places.variable("AWS_ROLE_SESSION_NAME");
        String query = String.join(
                "&",
                parameter("Action", "AssumeRoleWithWebIdentity"),
                parameter("RoleArn", places.variable("AWS_ROLE_ARN")),
                parameter("RoleSessionName", session.isEmpty() ? "narthex" : session),
                parameter("Version", "2011-06-15"),
                parameter("WebIdentityToken", token));
        Xml answer = Xml.parse(question.get(sts(region, query)).body());
        return ofXml(answer.get("AssumeRoleWithWebIdentityResult", "Credentials"));
    }

    private Credentials assumed(String region, Credentials by) throws IOException, InterruptedException {
        String external = settings.externalId().isEmpty() ? "" : parameter("ExternalId", settings.externalId()) + "&";
        // In the order of their names, as they are signed.
        URI uri = sts(
                region,
                parameter("Action", "AssumeRole") + "&" + external + parameter("RoleArn", settings.roleArn()) + "&"
                        + parameter("RoleSessionName", "narthex") + "&" + parameter("Version", "2011-06-15"));
        Map<String, String> headers =
                new SignatureV4(region, "sts").headers(by, "GET", uri, Map.of(), new byte[0], clock.instant());
        Xml answer = Xml.parse(question.send("GET", uri, new byte[0], headers).body());
        return ofXml(answer.get("AssumeRoleResult", "Credentials"));
    }

    private static Credentials ofXml(Xml credentials) throws IOException {
        if (credentials.text("AccessKeyId").isEmpty()) {
            throw new IOException("the answer holds no credentials");
        }
        return new Credentials(
                credentials.text("AccessKeyId"),
                credentials.text("SecretAccessKey"),
                credentials.text("SessionToken"),
                Instant.parse(credentials.text("Expiration")).toEpochMilli());
    }
}
