package org.narthex.http.client.aws;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests by AWS' Signature Version 4. Of the headers it signs those that no proxy on the way changes. */
record AwsSignature(String region, String service) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /** The headers that prove who sends the request; {@code Host} is signed too, which the client sets by itself. */
    Map<String, String> headers(AwsKeys keys, String method, URI url, HttpHeaders sent, byte[] body, Instant now) {
        String time = TIME.format(now);
        Map<String, String> added = new LinkedHashMap<>();
        added.put("X-Amz-Date", time);
        if (!keys.token().isEmpty()) {
            added.put("X-Amz-Security-Token", keys.token());
        }
        Map<String, String> signed = new TreeMap<>();
        added.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value));
        signed.put("host", host(url));
        sent.firstValue("Content-Type").ifPresent(type -> signed.put("content-type", type.strip()));
        StringBuilder headers = new StringBuilder();
        signed.forEach(
                (name, value) -> headers.append(name).append(':').append(value).append('\n'));
        String names = String.join(";", signed.keySet());
        String request = String.join("\n", method, path(url), query(url), headers, names, hash(body));
        String date = time.substring(0, 8);
        String scope = String.join("/", date, region, service, "aws4_request");
        String text = String.join("\n", ALGORITHM, time, scope, hash(request.getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + keys.secret()).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {date, region, service, "aws4_request"}) {
            key = hmac(key, part);
        }
        added.put(
                "Authorization",
                ALGORITHM + " Credential=" + keys.id() + '/' + scope + ", SignedHeaders=" + names + ", Signature="
                        + HexFormat.of().formatHex(hmac(key, text)));
        return added;
    }

    /** As the client writes it: without the port that goes without saying. */
    private static String host(URI url) {
        int usual = "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
        return url.getPort() < 0 || url.getPort() == usual ? url.getHost() : url.getHost() + ":" + url.getPort();
    }

    /** What is escaped in the URL is escaped once more, as all services but S3 want it. */
    private static String path(URI url) {
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return path.isEmpty() ? "/" : path.replace("%", "%25");
    }

    /** Parameters in the order of their names; one without a value has an empty one. */
    private static String query(URI url) {
        if (url.getRawQuery() == null || url.getRawQuery().isEmpty()) {
            return "";
        }
        String[] parameters = url.getRawQuery().split("&", -1);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += parameters[i].contains("=") ? "" : "=";
        }
        Arrays.sort(parameters);
        return String.join("&", parameters);
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has it", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has it", e);
        }
    }
}
