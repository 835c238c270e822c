package org.narthex.channel.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests by AWS' Signature Version 4. */
final class AwsSignature {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private AwsSignature() {}

    /** The request, whose URL has no query, with the headers that prove who sends it. */
    static Call sign(Call call, AwsAccess.Keys keys, String region, String service, Instant now) {
        String time = TIME.format(now);
        String date = time.substring(0, 8);
        String host = call.url().getHost()
                + (call.url().getPort() < 0 ? "" : ":" + call.url().getPort());
        Map<String, String> signed = new TreeMap<>();
        signed.put("host", host);
        signed.put("x-amz-date", time);
        signed.put("content-type", call.headers().get("Content-Type"));
        if (!keys.sessionToken().isEmpty()) {
            signed.put("x-amz-security-token", keys.sessionToken());
        }
        StringBuilder headers = new StringBuilder();
        signed.forEach((name, value) ->
                headers.append(name).append(':').append(value.strip()).append('\n'));
        String names = String.join(";", signed.keySet());
        String path = call.url().getRawPath();
        String request = call.method() + '\n' + (path.isEmpty() ? "/" : path) + "\n\n" + headers + '\n' + names + '\n'
                + Text.hash(call.body());
        String scope = date + '/' + region + '/' + service + "/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + time + '\n' + scope + '\n' + Text.hash(request);
        byte[] key = ("AWS4" + keys.secretKey()).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {date, region, service, "aws4_request"}) {
            key = hmac(key, part);
        }
        Call result = call.with("X-Amz-Date", time)
                .with(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=" + keys.accessKey() + '/' + scope + ", SignedHeaders=" + names
                                + ", Signature=" + HexFormat.of().formatHex(hmac(key, toSign)));
        return keys.sessionToken().isEmpty() ? result : result.with("X-Amz-Security-Token", keys.sessionToken());
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
