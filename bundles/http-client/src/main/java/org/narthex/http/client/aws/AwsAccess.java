package org.narthex.http.client.aws;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.http.HttpClientConfig.AwsSigning;

/**
 * Who we are to Amazon's services: the keys that are configured, else those of the environment, else those of the profile; or those of the role that is
 * taken on with them, which are kept until shortly before they end. Thread-safe.
 */
public final class AwsAccess {
    private static final long EARLY_MS = 300_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String FORM = "application/x-www-form-urlencoded";

    private final AwsSigning signing;
    private final UnaryOperator<String> environment;
    private final HttpClient transport;
    private final InstantSource clock;
    private CompletableFuture<AwsKeys> role;

    /**
     * @param environment gives the value of an environment variable, or null
     * @param transport takes the question for the role's keys
     */
    public AwsAccess(AwsSigning signing, UnaryOperator<String> environment, HttpClient transport, InstantSource clock) {
        this.signing = signing;
        this.environment = environment;
        this.transport = transport;
        this.clock = clock;
    }

    private String variable(String name) {
        String value = environment.apply(name);
        return value == null ? "" : value;
    }

    private static String first(String... texts) {
        for (String text : texts) {
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private String region() throws IOException {
        String region = first(signing.region(), variable("AWS_REGION"), variable("AWS_DEFAULT_REGION"));
        if (region.isEmpty()) {
            throw new IOException("sigv4: region not configured, neither in sigv4 nor in the environment");
        }
        return region;
    }

    /** The headers that prove who sends the request. */
    public CompletableFuture<Map<String, String>> sign(HttpRequest request, byte[] body) {
        try {
            AwsSignature signature = new AwsSignature(region(), signing.service());
            return keys().thenApply(keys ->
                    signature.headers(keys, request.method(), request.uri(), request.headers(), body, clock.instant()));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<AwsKeys> keys() throws IOException {
        return signing.roleArn().isEmpty() ? CompletableFuture.completedFuture(ownKeys()) : roleKeys();
    }

    private AwsKeys ownKeys() throws IOException {
        if (!signing.accessKey().isEmpty()) {
            return new AwsKeys(signing.accessKey(), signing.secretKey().text(), "", Long.MAX_VALUE);
        }
        String profile = first(signing.profile(), variable("AWS_PROFILE"));
        String id = variable("AWS_ACCESS_KEY_ID");
        return profile.isEmpty() && !id.isEmpty()
                ? new AwsKeys(id, variable("AWS_SECRET_ACCESS_KEY"), variable("AWS_SESSION_TOKEN"), Long.MAX_VALUE)
                : ofProfile(first(profile, "default"));
    }

    private AwsKeys ofProfile(String profile) throws IOException {
        String named = variable("AWS_SHARED_CREDENTIALS_FILE");
        Path file = named.isEmpty() ? Path.of(variable("HOME"), ".aws", "credentials") : Path.of(named);
        if (!Files.exists(file)) {
            throw new IOException(
                    "sigv4: no access keys: neither in the configuration, nor in the environment, nor in " + file);
        }
        Map<String, String> found = new LinkedHashMap<>();
        String section = "";
        for (String line : Files.readAllLines(file)) {
            String text = line.strip();
            int equals = text.indexOf('=');
            if (text.startsWith("[") && text.endsWith("]")) {
                section = text.substring(1, text.length() - 1).strip();
            } else if (section.equals(profile) && equals > 0) {
                found.put(
                        text.substring(0, equals).strip(),
                        text.substring(equals + 1).strip());
            }
        }
        if (!found.containsKey("aws_access_key_id")) {
            throw new IOException("sigv4: there is no profile " + profile + " with keys in " + file);
        }
        return new AwsKeys(
                found.get("aws_access_key_id"),
                found.getOrDefault("aws_secret_access_key", ""),
                found.getOrDefault("aws_session_token", ""),
                Long.MAX_VALUE);
    }

    private synchronized CompletableFuture<AwsKeys> roleKeys() throws IOException {
        if (role == null || role.isCompletedExceptionally() || (role.isDone() && isEnding(role.join()))) {
            role = assumeRole();
        }
        return role;
    }

    private boolean isEnding(AwsKeys keys) {
        return clock.millis() > keys.endsAtMs() - EARLY_MS;
    }

    private CompletableFuture<AwsKeys> assumeRole() throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("Action", "AssumeRole");
        form.put("Version", "2011-06-15");
        form.put("RoleArn", signing.roleArn());
        form.put("RoleSessionName", "narthex");
        if (!signing.externalId().isEmpty()) {
            form.put("ExternalId", signing.externalId());
        }
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        String region = region();
        URI url = URI.create(first(
                variable("AWS_ENDPOINT_URL_STS"),
                "https://sts" + (signing.fipsEndpoint() ? "-fips." : ".") + region + ".amazonaws.com/"));
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", FORM)
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes));
        HttpRequest unsigned = request.build();
        new AwsSignature(region, "sts")
                .headers(ownKeys(), "POST", url, unsigned.headers(), bytes, clock.instant())
                .forEach(request::header);
        return transport
                .sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(AwsAccess::keysIn);
    }

    /** The answer is XML of a fixed form. */
    private static AwsKeys keysIn(HttpResponse<String> answer) {
        try {
            if (answer.statusCode() != 200) {
                throw new IOException("the role was refused: HTTP status " + answer.statusCode() + " of "
                        + answer.uri().getHost());
            }
            String xml = answer.body();
            return new AwsKeys(
                    element(xml, "AccessKeyId"),
                    element(xml, "SecretAccessKey"),
                    element(xml, "SessionToken"),
                    Instant.parse(element(xml, "Expiration")).toEpochMilli());
        } catch (IOException | DateTimeParseException e) {
            throw new CompletionException(new IOException("sigv4: " + e.getMessage(), e));
        }
    }

    private static String element(String xml, String name) throws IOException {
        Matcher found = Pattern.compile("<" + name + ">([^<]*)</").matcher(xml);
        if (!found.find()) {
            throw new IOException("the answer to AssumeRole has no " + name);
        }
        return found.group(1);
    }
}
