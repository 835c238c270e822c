package org.narthex.channel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.alert.RejectedException;

class SnsChannelTest extends ChannelTesting {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2015-08-30T12:36:00Z"));

    @TempDir
    Path folder;

    /** From AWS' own suite of signatures: post-x-www-form-urlencoded. */
    @Test
    void signsAsAwsDoes() {
        Call call = Call.form(URI.create("http://example.amazonaws.com/"), Map.of("Param1", "value1"));
        AwsAccess.Keys keys = new AwsAccess.Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "");
        Call signed = AwsSignature.sign(call, keys, "us-east-1", "service", CLOCK.instant());
        assertThat(signed.headers().get("Authorization"))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                        + "SignedHeaders=content-type;host;x-amz-date, "
                        + "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
        assertThat(signed.headers()).containsEntry("X-Amz-Date", "20150830T123600Z");
    }

    private SnsChannel channel(Map<String, String> environment) {
        return new SnsChannel(service, CLOCK, environment::get);
    }

    @Test
    void publishesToATopic() throws Exception {
        channel(Map.of()).send(FIRING, section("""
                {"api_url": "URL/", "topic_arn": "arn:t.fifo", "subject": "a", "message": "b c", "attributes": {"k": "v"},
                 "sigv4": {"region": "eu-west-1", "access_key": "AK", "secret_key": "SK"}}"""));
        assertThat(service.last().body())
                .isEqualTo(
                        "Action=Publish&Version=2010-03-31&TopicArn=arn%3At.fifo&MessageDeduplicationId=" + HASH
                                + "&MessageGroupId=" + HASH
                                + "&Message=b%20c&Subject=a&MessageAttributes.entry.1.Name=k"
                                + "&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=v");
        assertThat(service.last().headers().getFirst("Authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=AK/20150830/eu-west-1/sns/aws4_request");
    }

    @Test
    void shortensWhatGoesToATelephone() throws Exception {
        channel(Map.of()).send(FIRING, section("""
                {"api_url": "URL/", "phone_number": "1", "message": "%s",
                 "sigv4": {"region": "eu-west-1", "access_key": "AK", "secret_key": "SK"}}""".formatted("x".repeat(2000))));
        assertThat(service.last().body())
                .contains("&Message=" + "x".repeat(1597) + "%E2%80%A6&")
                .contains("MessageAttributes.entry.1.Name=truncated");
    }

    @Test
    void takesKeysFromTheEnvironmentAndFromProfiles() throws Exception {
        channel(Map.of(
                        "AWS_ACCESS_KEY_ID",
                        "EK",
                        "AWS_SECRET_ACCESS_KEY",
                        "s",
                        "AWS_SESSION_TOKEN",
                        "tok",
                        "AWS_REGION",
                        "r1"))
                .send(FIRING, section("{\"api_url\": \"URL/\", \"topic_arn\": \"t\"}"));
        assertThat(service.last().headers().getFirst("Authorization")).contains("Credential=EK/20150830/r1/");
        assertThat(service.last().headers().getFirst("X-Amz-Security-Token")).isEqualTo("tok");
        Path file = Files.writeString(folder.resolve("credentials"), """
                [default]
                aws_access_key_id = DK
                [ops]
                aws_access_key_id = PK
                aws_secret_access_key = s
                """);
        Map<String, String> environment = Map.of("AWS_SHARED_CREDENTIALS_FILE", file.toString());
        channel(environment).send(FIRING, section("""
                {"api_url": "URL/", "topic_arn": "t", "sigv4": {"region": "r2", "profile": "ops"}}"""));
        assertThat(service.last().headers().getFirst("Authorization")).contains("Credential=PK/20150830/r2/");
        assertThatThrownBy(() -> channel(environment).send(FIRING, section("""
                {"api_url": "URL/", "topic_arn": "t", "sigv4": {"region": "r2", "profile": "none"}}""")))
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining("there is no profile none");
        assertThatThrownBy(() ->
                        channel(environment).send(FIRING, section("{\"api_url\": \"URL/\", \"topic_arn\": \"t\"}")))
                .hasMessageContaining("region not configured");
    }

    @Test
    void readsTheKeysOfARole() throws Exception {
        AwsAccess.Keys keys = AwsAccess.keysIn("<A><Credentials><AccessKeyId>a</AccessKeyId>"
                + "<SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken></Credentials></A>");
        assertThat(keys).isEqualTo(new AwsAccess.Keys("a", "b", "c"));
        assertThat(keys.toString()).isEqualTo("a <secret>");
    }
}
