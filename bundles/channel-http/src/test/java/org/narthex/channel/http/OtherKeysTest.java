package org.narthex.channel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;

import jakarta.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.narthex.api.alert.AlertChannel;

/** Keys of sections that few people use: each arrives under the name that its service knows. */
class OtherKeysTest extends ChannelTesting {
    private JsonObject told(AlertChannel channel, String section) throws Exception {
        channel.send(FIRING, section(section));
        return service.last().json();
    }

    private static void has(JsonObject told, String... namesAndTexts) {
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            assertThat(told).as("what was told").containsKey(namesAndTexts[i]);
            assertThat(told.getString(namesAndTexts[i])).isEqualTo(namesAndTexts[i + 1]);
        }
    }

    @Test
    void pushover() throws Exception {
        new PushoverChannel(service, URI.create(service.url())).send(FIRING, section("""
                {"user_key": "u", "token": "t", "message": "m", "url_title": "x", "device": "d", "sound": "s", "ttl": "2m",
                 "monospace": true}"""));
        assertThat(service.last().body())
                .isEqualTo("token=t&user=u&message=m&monospace=1&url_title=x&ttl=120&device=d&sound=s");
    }

    @Test
    void pagerDuty() throws Exception {
        JsonObject told = told(new PagerDutyChannel(service, URI.create(service.url())), """
                {"url": "URL/", "routing_key": "r", "component": "c", "group": "g"}""");
        has(told.getJsonObject("payload"), "component", "c", "group", "g");
    }

    @Test
    void slack() throws Exception {
        JsonObject told = told(new SlackChannel(service), """
                {"api_url": "URL/", "message_text": "m", "icon_emoji": ":x:", "icon_url": "http://i", "image_url": "http://j",
                 "thumb_url": "http://k", "pretext": "p", "callback_id": "b", "footer": "f", "mrkdwn_in": ["footer"]}""");
        has(told, "text", "m", "icon_emoji", ":x:", "icon_url", "http://i");
        JsonObject attachment = told.getJsonArray("attachments").getJsonObject(0);
        has(
                attachment,
                "image_url",
                "http://j",
                "thumb_url",
                "http://k",
                "pretext",
                "p",
                "callback_id",
                "b",
                "footer",
                "f");
        assertThat(attachment.getJsonArray("mrkdwn_in").getString(0)).isEqualTo("footer");
    }

    @Test
    void rocketChat() throws Exception {
        service.answers(200, "{\"success\": true}");
        JsonObject told = told(new RocketChatChannel(service), """
                {"api_url": "URL", "token": "t", "token_id": "i", "title_link": "http://l", "image_url": "http://j",
                 "thumb_url": "http://k", "link_names": true}""");
        has(
                told.getJsonArray("attachments").getJsonObject(0),
                "title_link",
                "http://l",
                "image_url",
                "http://j",
                "thumb_url",
                "http://k");
    }

    @Test
    void mattermost() throws Exception {
        JsonObject told = told(new MattermostChannel(service), """
                {"webhook_url": "URL/", "icon_emoji": ":x:", "icon_url": "http://i", "title": "t", "title_link": "http://l",
                 "author_name": "a", "author_link": "http://a", "author_icon": "http://b", "image_url": "http://j",
                 "thumb_url": "http://k", "footer": "f", "footer_icon": "http://f", "pretext": "p", "fallback": "b"}""");
        has(told, "icon_emoji", ":x:", "icon_url", "http://i");
        has(
                told.getJsonArray("attachments").getJsonObject(0),
                "title_link",
                "http://l",
                "author_name",
                "a",
                "author_link",
                "http://a",
                "author_icon",
                "http://b",
                "image_url",
                "http://j",
                "thumb_url",
                "http://k",
                "footer",
                "f",
                "footer_icon",
                "http://f",
                "pretext",
                "p",
                "fallback",
                "b");
    }

    @Test
    void weChat() throws Exception {
        service.answers("gettoken", "{\"access_token\": \"tok\"}");
        service.answers("message/send", "{\"errcode\": 0}");
        JsonObject told = told(new WeChatChannel(service), """
                {"api_url": "URL/", "corp_id": "c", "api_secret": "s", "message": "m", "to_party": "p", "to_tag": "t"}""");
        has(told, "toparty", "p", "totag", "t");
    }

    @Test
    void opsGenie() throws Exception {
        has(told(new OpsGenieChannel(service), """
                {"api_url": "URL/", "api_key": "k", "message": "m", "entity": "e", "actions": "a,b", "note": "n"}"""), "entity", "e", "note", "n");
    }

    @Test
    void discord() throws Exception {
        has(told(new DiscordChannel(service), """
                {"webhook_url": "URL/", "title": "t", "message": "m", "avatar_url": "http://i", "username": "u"}"""), "avatar_url", "http://i", "username", "u");
    }

    @Test
    void sns() throws Exception {
        new SnsChannel(service, name -> null).send(FIRING, section("""
                {"api_url": "URL/", "target_arn": "arn:t", "message": "m", "sigv4": {"region": "r"}}"""));
        assertThat(service.last().body()).contains("&TargetArn=arn%3At&Message=m");
    }

    @Test
    void timeouts() throws Exception {
        assertThat(Settings.of(section("{\"timeout\": \"7s\"}")).timeout()).hasSeconds(7);
        assertThat(Settings.of(section("{\"timeout\": \"10m\"}")).timeout())
                .as("no attempt may take longer")
                .hasSeconds(60);
    }
}
