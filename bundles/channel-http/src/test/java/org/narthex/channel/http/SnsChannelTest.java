package org.narthex.channel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.http.HttpClientConfig.AwsSigning;
import org.narthex.api.http.HttpClientConfig.Secret;

class SnsChannelTest extends ChannelTesting {
    private SnsChannel channel(Map<String, String> environment) {
        return new SnsChannel(service, environment::get);
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
        AwsSigning signing = service.config.aws().orElseThrow();
        assertThat(signing).isEqualTo(new AwsSigning("sns", "eu-west-1", "AK", Secret.of("SK"), "", "", "", false));
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
    void signsAsItsSectionSays() throws Exception {
        channel(Map.of()).send(FIRING, section("""
                {"api_url": "URL/", "topic_arn": "t", "sigv4": {"region": "r2", "profile": "ops", "role_arn": "arn:role",
                 "external_id": "e", "use_fips_sts_endpoint": "true"}}"""));
        assertThat(service.config.aws())
                .contains(new AwsSigning("sns", "r2", "", Secret.of(""), "ops", "arn:role", "e", true));
    }

    @Test
    void needsARegionToFindTheService() {
        assertThatThrownBy(() -> channel(Map.of()).send(FIRING, section("{\"topic_arn\": \"t\"}")))
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining("region not configured");
    }
}
