package org.narthex.http.client.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases of AWS' own suite of signatures. */
class AwsSignatureTest {
    private static final Instant NOW = Instant.parse("2015-08-30T12:36:00Z");
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final AwsSignature SIGNATURE = new AwsSignature("us-east-1", "service");

    private static Map<String, String> headers(String method, String url, String type, String body, String token) {
        AwsKeys keys = new AwsKeys("AKIDEXAMPLE", SECRET, token, Long.MAX_VALUE);
        Map<String, List<String>> sent = type.isEmpty() ? Map.of() : Map.of("Content-Type", List.of(type));
        return SIGNATURE.headers(
                keys, method, URI.create(url), HttpHeaders.of(sent, (name, value) -> true), body.getBytes(UTF_8), NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, http://example.amazonaws.com/, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "GET, https://example.amazonaws.com:443, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "GET, http://example.amazonaws.com/?Param2=value2&Param1=value1, b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        "POST, http://example.amazonaws.com/, 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    })
    void signsMethodAndUrl(String method, String url, String signature) {
        assertThat(headers(method, url, "", "", ""))
                .containsEntry("X-Amz-Date", "20150830T123600Z")
                .containsEntry(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                                + "SignedHeaders=host;x-amz-date, Signature=" + signature);
    }

    @Test
    void signsTheBody() {
        assertThat(headers(
                                "POST",
                                "http://example.amazonaws.com/",
                                "application/x-www-form-urlencoded",
                                "Param1=value1",
                                "")
                        .get("Authorization"))
                .endsWith("SignedHeaders=content-type;host;x-amz-date, "
                        + "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
    }

    @Test
    void signsTheTokenOfASession() {
        String token =
                "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI"
                        + "/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7Z"
                        + "D0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
        assertThat(headers("POST", "http://example.amazonaws.com/", "", "", token))
                .containsEntry("X-Amz-Security-Token", token)
                .extractingByKey("Authorization")
                .asString()
                .endsWith("SignedHeaders=host;x-amz-date;x-amz-security-token, "
                        + "Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
    }

    @Test
    void saysNothingOfTheSecret() {
        assertThat(new AwsKeys("AK", SECRET, "token", 0)).hasToString("AK <secret>");
    }
}
