package org.narthex.http.client;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.http.HttpClientConfig.OAuth2;
import org.narthex.api.http.UrlHost;

/** The access token of one OAuth 2 client, fetched when it is needed and kept until shortly before it ends. Thread-safe. */
final class AccessTokens {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** A token that ends within this time is not used any more. */
    private static final long EARLY_MS = 10_000;

    private static final Pattern FIELD =
            Pattern.compile("\"(access_token|token_type|expires_in)\"\\s*:\\s*\"?((?:[^\"\\\\,}]|\\\\.)*)");

    private final OAuth2 oauth2;
    private final HttpClient transport;
    private final InstantSource clock;
    private CompletableFuture<String> pending;
    private String token = "";
    private long endsAtMs;
    /** What the token was fetched with: a secret in a file may be changed. */
    private String secret = "";

    AccessTokens(OAuth2 oauth2, HttpClient transport, InstantSource clock) {
        this.oauth2 = oauth2;
        this.transport = transport;
        this.clock = clock;
    }

    /** The value for the header {@code Authorization}. */
    synchronized CompletableFuture<String> token() {
        try {
            String now = Secrets.read(
                    oauth2.assertion().isPresent() ? oauth2.assertion().get().key() : oauth2.clientSecret());
            if (!token.isEmpty() && now.equals(secret) && clock.millis() < endsAtMs) {
                return CompletableFuture.completedFuture(token);
            }
            if (pending == null || pending.isDone()) {
                secret = now;
                pending = fetch(now);
            }
            return pending;
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    synchronized void forget(String refused) {
        if (token.equals(refused)) {
            token = "";
        }
    }

    private CompletableFuture<String> fetch(String key) throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        HttpRequest.Builder request = HttpRequest.newBuilder(UrlHost.create(oauth2.tokenUrl()))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded");
        if (oauth2.tokenUrl().startsWith("http:")) {
            request.version(HttpClient.Version.HTTP_1_1);
        }
        if (oauth2.assertion().isPresent()) {
            form.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
            form.put("assertion", SignedAssertion.of(oauth2.assertion().get(), key, oauth2.scopes(), clock.millis()));
        } else {
            form.put("grant_type", "client_credentials");
            String pair = encoded(oauth2.clientId()) + ":" + encoded(key);
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        if (!oauth2.scopes().isEmpty()) {
            form.put("scope", String.join(" ", oauth2.scopes()));
        }
        form.putAll(oauth2.endpointParams());
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
        request.POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        return transport
                .sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(this::take);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private synchronized String take(HttpResponse<String> response) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher matcher = FIELD.matcher(response.body());
        while (matcher.find()) {
            fields.put(matcher.group(1), matcher.group(2).strip());
        }
        String access = fields.getOrDefault("access_token", "");
        if (response.statusCode() / 100 != 2 || access.isEmpty()) {
            // The body may hold a secret.
            throw new java.util.concurrent.CompletionException(new IOException(
                    "oauth2: " + UrlHost.create(oauth2.tokenUrl()).getHost() + " gave no token: HTTP status "
                            + response.statusCode()));
        }
        String type = fields.getOrDefault("token_type", "");
        token = (type.isEmpty() || type.equalsIgnoreCase("bearer") ? "Bearer" : type) + " "
                + access.replace("\\/", "/");
        String seconds = fields.getOrDefault("expires_in", "");
        endsAtMs = seconds.matches("[0-9]{1,12}")
                ? clock.millis() + Long.parseLong(seconds) * 1000 - EARLY_MS
                : Long.MAX_VALUE;
        return token;
    }
}
