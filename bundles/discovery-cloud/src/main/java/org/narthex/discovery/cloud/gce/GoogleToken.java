package org.narthex.discovery.cloud.gce;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.Json;

/**
 * An access token of the application's default credentials: the file that {@code GOOGLE_APPLICATION_CREDENTIALS} names, that which {@code gcloud} left, or
 * the machine's own service account.
 */
final class GoogleToken {
    private static final String SCOPE = "https://www.googleapis.com/auth/compute.readonly";
    private static final String TOKEN_URL = "https://oauth2.googleapis.com/token";
    private static final long EARLY_MS = 60_000;
    private static final Map<String, String> FORM = Map.of("Content-Type", "application/x-www-form-urlencoded");

    /** What is looked at. */
    record Places(UnaryOperator<String> environment, Path home, String metadata, String compute) {}

    private final Places places;
    private final HttpQuestion question;
    private final InstantSource clock;
    private String token = "";
    private long endsAtMs;

    GoogleToken(Places places, HttpQuestion question, InstantSource clock) {
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
        String named = places.environment().apply("GOOGLE_APPLICATION_CREDENTIALS");
        Path file = named == null || named.isEmpty()
                ? places.home().resolve(".config/gcloud/application_default_credentials.json")
                : Path.of(named);
        if ((named != null && !named.isEmpty()) || Files.exists(file)) {
            return byFile(file);
        }
        URI uri = URI.create(places.metadata() + "/computeMetadata/v1/instance/service-accounts/default/token");
        return Json.parse(question.send("GET", uri, new byte[0], Map.of("Metadata-Flavor", "Google"))
                .body());
    }

    private Json byFile(Path file) throws IOException, InterruptedException {
        Json account = Json.parse(Files.readAllBytes(file));
        String url = account.text("token_uri").isEmpty() ? TOKEN_URL : account.text("token_uri");
        String form =
                switch (account.text("type")) {
                    case "service_account" ->
                        "grant_type=" + encoded("urn:ietf:params:oauth:grant-type:jwt-bearer") + "&assertion="
                                + assertion(file, account, url);
                    case "authorized_user" ->
                        "grant_type=refresh_token&client_id=" + encoded(account.text("client_id"))
                                + "&client_secret=" + encoded(account.text("client_secret")) + "&refresh_token="
                                + encoded(account.text("refresh_token"));
                    default ->
                        throw new IOException(
                                file + ": credentials of type \"" + account.text("type") + "\" are not supported");
                };
        return Json.parse(question.send("POST", URI.create(url), form.getBytes(StandardCharsets.UTF_8), FORM)
                .body());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A token that the account signs for itself. */
    private String assertion(Path file, Json account, String audience) throws IOException {
        long now = clock.millis() / 1000;
        String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" + account.text("private_key_id") + "\"}";
        String claims = "{\"iss\":\"" + account.text("client_email") + "\",\"scope\":\"" + SCOPE + "\",\"aud\":\""
                + audience + "\",\"iat\":" + now + ",\"exp\":" + (now + 3600) + "}";
        String text =
                base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        String pem = account.text("private_key").replaceAll("-----[A-Z ]+-----", "");
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem))));
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + base64(signature.sign());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + ": private_key is not valid", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
