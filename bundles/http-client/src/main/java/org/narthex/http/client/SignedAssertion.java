package org.narthex.http.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.narthex.api.http.HttpClientConfig.Assertion;
import org.narthex.api.http.HttpClientConfig.Secret;

/** Makes the JSON Web Tokens that a client proves itself with (RFC 7523). */
final class SignedAssertion {
    private static final long VALID_SECONDS = 3600;

    private SignedAssertion() {}

    /** @param key PEM of an RSA key */
    static String of(Assertion assertion, String key, List<String> scopes, long nowMs) throws IOException {
        Map<String, String> header = new LinkedHashMap<>();
        header.put("alg", quoted(assertion.algorithm()));
        header.put("typ", quoted("JWT"));
        if (!assertion.keyId().isEmpty()) {
            header.put("kid", quoted(assertion.keyId()));
        }
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("iss", quoted(assertion.issuer()));
        claims.put("sub", quoted(assertion.issuer()));
        claims.put("aud", quoted(assertion.audience()));
        claims.put("jti", quoted(UUID.randomUUID().toString()));
        claims.put("iat", Long.toString(nowMs / 1000));
        claims.put("exp", Long.toString(nowMs / 1000 + VALID_SECONDS));
        if (!scopes.isEmpty()) {
            claims.put("scope", quoted(String.join(" ", scopes)));
        }
        claims.putAll(assertion.claims());
        String text = base64(json(header)) + "." + base64(json(claims));
        try {
            Signature signature =
                    Signature.getInstance("SHA" + assertion.algorithm().substring(2) + "withRSA");
            signature.initSign(Pem.privateKey(Pem.Source.of("client_certificate_key", Secret.of(key))));
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IOException("oauth2: cannot sign with client_certificate_key: " + e.getMessage(), e);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(Map<String, String> fields) {
        StringBuilder out = new StringBuilder("{");
        fields.forEach((name, value) -> out.append(out.length() == 1 ? "" : ",")
                .append(quoted(name))
                .append(':')
                .append(value));
        return out.append('}').toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
