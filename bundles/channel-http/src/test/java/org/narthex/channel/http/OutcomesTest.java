package org.narthex.channel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.function.BiFunction;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigNode;

/** What all channels must do whatever their service is told. */
class OutcomesTest extends ChannelTesting {
    @SuppressWarnings("ImmutableEnumChecker") // what is made of the functions is no state
    enum Type {
        DISCORD((http, url) -> new DiscordChannel(http), "\"webhook_url\": \"URL/s3cret\""),
        MSTEAMS((http, url) -> new MsTeamsChannel(http), "\"webhook_url\": \"URL/s3cret\""),
        MSTEAMSV2((http, url) -> new MsTeamsV2Channel(http), "\"webhook_url\": \"URL/s3cret\""),
        MATTERMOST((http, url) -> new MattermostChannel(http), "\"webhook_url\": \"URL/s3cret\""),
        WEBEX((http, url) -> new WebexChannel(http), "\"api_url\": \"URL\", \"room_id\": \"r\""),
        VICTOROPS(
                (http, url) -> new VictorOpsChannel(http),
                "\"api_url\": \"URL\", \"api_key\": \"s3cret\", \"routing_key\": \"r\""),
        TELEGRAM(
                (http, url) -> new TelegramChannel(http),
                "\"api_url\": \"URL\", \"bot_token\": \"s3cret\", \"chat_id\": \"1\""),
        PUSHOVER(PushoverChannel::new, "\"user_key\": \"u\", \"token\": \"s3cret\""),
        OPSGENIE((http, url) -> new OpsGenieChannel(http), "\"api_url\": \"URL/\", \"api_key\": \"s3cret\""),
        PAGERDUTY((http, url) -> new PagerDutyChannel(http, url), "\"url\": \"URL\", \"routing_key\": \"s3cret\""),
        ROCKETCHAT(
                (http, url) -> new RocketChatChannel(http),
                "\"api_url\": \"URL\", \"token\": \"s3cret\", \"token_id\": \"i\""),
        WECHAT(
                (http, url) -> new WeChatChannel(http),
                "\"api_url\": \"URL\", \"corp_id\": \"c\", \"api_secret\": \"s3cret\""),
        SLACK((http, url) -> new SlackChannel(http), "\"api_url\": \"URL/s3cret\""),
        INCIDENTIO((http, url) -> new IncidentIoChannel(http), "\"url\": \"URL\", \"alert_source_token\": \"s3cret\""),
        JIRA(
                (http, url) -> new JiraChannel(http),
                "\"api_url\": \"URL/rest/api/2\", \"project\": \"P\", \"issue_type\": \"Bug\""),
        SNS(
                (http, url) -> new SnsChannel(http, name -> null),
                "\"api_url\": \"URL\", \"topic_arn\": \"t\", \"sigv4\": {\"region\": \"r\", \"access_key\": \"a\", \"secret_key\": \"s3cret\"}");

        private final BiFunction<FakeService, URI, AlertChannel> made;
        private final String section;

        Type(BiFunction<FakeService, URI, AlertChannel> made, String section) {
            this.made = made;
            this.section = "{" + section + "}";
        }
    }

    private AlertChannel channel(Type type) {
        return type.made.apply(service, URI.create(service.url()));
    }

    private void send(Type type) throws IOException, RejectedException {
        channel(type).send(FIRING, section(type.section));
    }

    @ParameterizedTest
    @EnumSource
    void asksForRetryWhenTheServiceIsBusy(Type type) {
        for (int status : new int[] {429, 500, 503}) {
            service.answers(status, "{\"error\":\"busy\"}");
            assertThatThrownBy(() -> send(type))
                    .isInstanceOf(IOException.class)
                    .hasMessage("127.0.0.1 answered " + status + ": {\"error\":\"busy\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesUpWhenTheServiceRefuses(Type type) {
        service.answers(400, "");
        assertThatThrownBy(() -> send(type))
                .isInstanceOf(RejectedException.class)
                .hasMessage("127.0.0.1 answered 400");
    }

    @ParameterizedTest
    @EnumSource
    void asksForRetryWhenNobodyListensAndTellsNoSecret(Type type) {
        ConfigNode section = section(type.section);
        AlertChannel channel = channel(type);
        service.close();
        assertThatThrownBy(() -> channel.send(FIRING, section))
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    @ParameterizedTest
    @EnumSource
    void refusesAWrongHttpConfig(Type type) throws Exception {
        channel(type).check(section(type.section));
        ConfigNode wrong = section("{\"http_config\": {\"basic_auht\": {}}," + type.section.substring(1));
        assertThatThrownBy(() -> channel(type).check(wrong)).hasMessageContaining("did you mean basic_auth?");
    }
}
