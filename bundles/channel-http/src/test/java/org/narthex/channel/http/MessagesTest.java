package org.narthex.channel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.model.Labels;

/** What each service is told: method, path, headers and body. */
class MessagesTest extends ChannelTesting {
    @TempDir
    Path folder;

    private void isTold(String method, String path, String body) {
        FakeService.Told told = service.last();
        assertThat(told.method()).isEqualTo(method);
        assertThat(told.path()).isEqualTo(path);
        assertThat(told.headers().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(told.headers().getFirst("User-Agent")).isEqualTo("Narthex");
        assertThat(told.json()).isEqualTo(json(body));
    }

    @Test
    void discord() throws Exception {
        new DiscordChannel(service).send(FIRING, section("""
                {"webhook_url": "URL/hook", "title": "a <b>", "message": "down", "content": "see", "username": "am"}"""));
        isTold("POST", "/hook", """
                {"content": "see", "username": "am",
                 "embeds": [{"title": "a <b>", "description": "down", "color": 10038562}]}""");
        new DiscordChannel(service).send(RESOLVED, section("""
                {"webhook_url": "URL/hook", "title": "%s", "message": "%s"}""".formatted("t".repeat(300), "𝄞".repeat(5000))));
        isTold("POST", "/hook", """
                {"content": "", "embeds": [{"title": "%s…", "description": "%s…", "color": 3066993}]}""".formatted("t".repeat(255), "𝄞".repeat(4095)));
    }

    @Test
    void discordFromAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("url"), service.url() + "/filed\n");
        new DiscordChannel(service).send(FIRING, section("{\"webhook_url_file\": \"" + file + "\"}"));
        assertThat(service.last().path()).isEqualTo("/filed");
        assertThatThrownBy(() -> new DiscordChannel(service)
                        .send(FIRING, section("{\"webhook_url_file\": \"" + folder.resolve("none") + "\"}")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }

    @Test
    void msTeams() throws Exception {
        new MsTeamsChannel(service)
                .send(
                        RESOLVED,
                        section("{\"webhook_url\": \"URL/t\", \"title\": \"a\", \"summary\": \"b\", \"text\": \"c\"}"));
        isTold("POST", "/t", """
                {"@context": "http://schema.org/extensions", "type": "MessageCard", "title": "a", "summary": "b",
                 "text": "c", "themeColor": "2DC72D"}""");
    }

    @Test
    void msTeamsV2() throws Exception {
        new MsTeamsV2Channel(service)
                .send(FIRING, section("{\"webhook_url\": \"URL/t\", \"title\": \"a\", \"text\": \"c\"}"));
        isTold("POST", "/t", """
                {"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive",
                  "contentUrl": null, "content": {"$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                  "type": "AdaptiveCard", "version": "1.2", "body": [
                   {"type": "TextBlock", "text": "a", "weight": "Bolder", "size": "Medium", "wrap": true,
                    "style": "heading", "color": "Attention"},
                   {"type": "TextBlock", "text": "c", "wrap": true}], "msteams": {"width": "full"}}}]}""");
    }

    @Test
    void webex() throws Exception {
        new WebexChannel(service)
                .send(
                        FIRING,
                        section("{\"api_url\": \"URL/v1/messages\", \"message\": \"**down**\", \"room_id\": \"r\"}"));
        isTold("POST", "/v1/messages", "{\"markdown\": \"**down**\", \"roomId\": \"r\"}");
    }

    @Test
    void victorOps() throws Exception {
        String section = """
                {"api_url": "URL/alert/", "api_key": "k", "routing_key": "ops team", "message_type": "WARNING",
                 "entity_display_name": "n", "state_message": "m", "monitoring_tool": "t", "custom_fields": {"floor": "3"}}""";
        new VictorOpsChannel(service).send(FIRING, section(section));
        isTold("POST", "/alert/k/ops%20team", """
                {"message_type": "WARNING", "entity_id": "%s", "entity_display_name": "n", "state_message": "m",
                 "monitoring_tool": "t", "floor": "3"}""".formatted(HASH));
        new VictorOpsChannel(service).send(RESOLVED, section(section));
        assertThat(service.last().json().getString("message_type")).isEqualTo("RECOVERY");
        new VictorOpsChannel(service).send(FIRING, section(section.replace("WARNING", "LOUD")));
        assertThat(service.last().json().getString("message_type")).isEqualTo("CRITICAL");
    }

    @Test
    void telegram() throws Exception {
        new TelegramChannel(service).send(FIRING, section("""
                {"api_url": "URL", "bot_token": "1:k", "chat_id": "-100", "message": "<b>down</b>", "parse_mode": "HTML",
                 "message_thread_id": 7, "disable_notifications": true}"""));
        isTold("POST", "/bot1:k/sendMessage", """
                {"chat_id": "-100", "text": "<b>down</b>", "disable_web_page_preview": true, "disable_notification": true,
                 "parse_mode": "HTML", "message_thread_id": "7"}""");
    }

    @Test
    void pushover() throws Exception {
        new PushoverChannel(service, URI.create(service.url() + "/1/messages.json")).send(FIRING, section("""
                {"user_key": "u", "token": "t", "title": "a b", "message": "", "priority": "2", "retry": "1m",
                 "expire": "1h", "url": "http://n/x", "html": true}"""));
        assertThat(service.last().path()).isEqualTo("/1/messages.json");
        assertThat(service.last().headers().getFirst("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(service.last().body())
                .isEqualTo("token=t&user=u&title=a%20b&message=%28no%20details%29&html=1&url=http%3A%2F%2Fn%2Fx"
                        + "&priority=2&retry=60&expire=3600");
    }

    private static final String OPSGENIE = """
            {"api_url": "URL/", "api_key": "k", "message": "m", "description": "d", "source": "s", "details": {"a": "1"},
             "responders": [{"type": "teams", "name": "x,y"}, {"type": "user", "username": "ann"}], "tags": "p,q",
             "priority": "P1", "update_alerts": true}""";

    @Test
    void opsGenie() throws Exception {
        new OpsGenieChannel(service).send(FIRING, section(OPSGENIE));
        assertThat(service.told).hasSize(3);
        assertThat(service.told.get(0).headers().getFirst("Authorization")).isEqualTo("GenieKey k");
        assertThat(service.told.get(0).path()).isEqualTo("/v2/alerts");
        assertThat(service.told.get(0).json()).isEqualTo(json("""
                {"alias": "%s", "message": "m", "description": "d", "source": "s",
                 "details": {"alertname": "Down", "job": "api", "a": "1"}, "priority": "P1",
                 "responders": [{"name": "x", "type": "team"}, {"name": "y", "type": "team"},
                                {"username": "ann", "type": "user"}], "tags": ["p", "q"]}""".formatted(HASH)));
        assertThat(service.told.get(1).method()).isEqualTo("PUT");
        assertThat(service.told.get(1).path()).isEqualTo("/v2/alerts/" + HASH + "/message?identifierType=alias");
        isTold("PUT", "/v2/alerts/" + HASH + "/description?identifierType=alias", "{\"description\": \"d\"}");
        new OpsGenieChannel(service).send(RESOLVED, section(OPSGENIE));
        isTold("POST", "/v2/alerts/" + HASH + "/close?identifierType=alias", "{\"source\": \"s\"}");
    }

    @Test
    void pagerDuty() throws Exception {
        PagerDutyChannel channel = new PagerDutyChannel(service, URI.create(service.url() + "/v1"));
        String section = """
                {"url": "URL/v2/enqueue", "routing_key": "r", "description": "d", "source": "s", "severity": "warning",
                 "client": "c", "client_url": "u", "class": "k", "details": {"firing": "[{\\"status\\":\\"firing\\"}]",
                 "num_firing": "1", "note": "[x"}, "links": [{"href": "h", "text": "t"}, {"href": ""}],
                 "images": [{"src": "i", "alt": "a"}]}""";
        channel.send(FIRING, section(section));
        isTold("POST", "/v2/enqueue", """
                {"routing_key": "r", "dedup_key": "%s", "event_action": "trigger", "client": "c", "client_url": "u",
                 "payload": {"summary": "d", "source": "s", "severity": "warning", "class": "k",
                  "custom_details": {"firing": [{"status": "firing"}], "num_firing": 1, "note": "[x"}},
                 "links": [{"href": "h", "text": "t"}], "images": [{"src": "i", "alt": "a", "href": ""}]}""".formatted(HASH));
        channel.send(RESOLVED, section(section));
        assertThat(service.last().json().getString("event_action")).isEqualTo("resolve");
        channel.send(FIRING, section("""
                {"service_key": "s", "description": "d", "client": "c", "client_url": "u", "details": {"a": "b"}}"""));
        isTold("POST", "/v1", """
                {"service_key": "s", "incident_key": "%s", "event_type": "trigger", "description": "d",
                 "details": {"a": "b"}, "client": "c", "client_url": "u"}""".formatted(HASH));
        service.answers(403, "");
        assertThatThrownBy(() -> channel.send(FIRING, section("{\"service_key\": \"s\"}")))
                .as("its way to say: slower")
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> channel.send(FIRING, section("{\"url\": \"URL\", \"routing_key\": \"s\"}")))
                .isInstanceOf(RejectedException.class);
    }

    @Test
    void pagerDutyWithoutDetailsThatAreTooLarge() throws Exception {
        new PagerDutyChannel(service, URI.create(service.url()))
                .send(FIRING, section("""
                {"url": "URL", "routing_key": "r", "description": "%s", "details": {"a": "%s"}}""".formatted("d".repeat(2000), "x".repeat(512_000))));
        assertThat(service.last().json().getJsonObject("payload").getString("summary"))
                .isEqualTo("d".repeat(1023) + "…");
        assertThat(service.last().json().getJsonObject("payload").getJsonObject("custom_details"))
                .containsOnlyKeys("error");
    }

    @Test
    void rocketChat() throws Exception {
        service.answers(200, "{\"success\": true}");
        String section = """
                {"api_url": "URL", "token": "t", "token_id": "i", "channel": "#a", "emoji": ":x:", "icon_url": "http://i",
                 "title": "T", "text": "x", "color": "red", "fields": [{"title": "f", "value": "v"}], "short_fields": true,
                 "actions": [{"text": "go", "url": "http://g"}]}""";
        new RocketChatChannel(service).send(FIRING, section(section));
        assertThat(service.last().headers().getFirst("X-Auth-Token")).isEqualTo("t");
        assertThat(service.last().headers().getFirst("X-User-Id")).isEqualTo("i");
        isTold("POST", "/api/v1/chat.postMessage", """
                {"channel": "#a", "emoji": ":x:", "avatar": "http://i", "attachments": [{"title": "T", "text": "x",
                 "color": "red", "fields": [{"title": "f", "value": "v", "short": true}],
                 "actions": [{"type": "button", "text": "go", "url": "http://g", "is_webview": false,
                              "msg_in_chat_window": false}]}]}""");
        service.answers(200, "{\"success\": false, \"error\": \"no room\"}");
        assertThatThrownBy(() -> new RocketChatChannel(service).send(FIRING, section(section)))
                .isInstanceOf(RejectedException.class)
                .hasMessage("127.0.0.1 refused it: no room");
    }

    @Test
    void mattermost() throws Exception {
        new MattermostChannel(service).send(FIRING, section("""
                {"webhook_url": "URL/hooks/x", "channel": "c", "username": "u", "text": "t", "color": "danger", "title": "T",
                 "fields": [{"title": "f", "value": "v", "short": true}], "attachments": [{"text": "more"}],
                 "props": {"card": "card"}, "priority": {"priority": "Important", "requested_ack": true,
                 "persistent_notifications": true}}"""));
        isTold("POST", "/hooks/x", """
                {"text": "t", "channel": "c", "username": "u", "attachments": [{"color": "danger", "title": "T",
                 "fields": [{"title": "f", "value": "v", "short": true}]}, {"text": "more"}], "props": {"card": "card"},
                 "priority": {"priority": "important", "requested_ack": true}}""");
    }

    @Test
    void weChat() throws Exception {
        service.answers("gettoken", "{\"access_token\": \"tok\"}");
        service.answers("message/send", "{\"errcode\": 0}");
        WeChatChannel channel = new WeChatChannel(service);
        String section = """
                {"api_url": "URL/cgi-bin/", "corp_id": "c", "api_secret": "s", "message": "m", "to_user": "u",
                 "agent_id": "7"}""";
        channel.send(FIRING, section(section));
        assertThat(service.told.get(0).path()).isEqualTo("/cgi-bin/gettoken?corpid=c&corpsecret=s");
        isTold("POST", "/cgi-bin/message/send?access_token=tok", """
                {"text": {"content": "m"}, "touser": "u", "agentid": "7", "safe": "0", "msgtype": "text"}""");
        channel.send(FIRING, section(section));
        assertThat(service.told).as("the token is used again").hasSize(3);
        service.answers("message/send", "{\"errcode\": 42001}");
        assertThatThrownBy(() -> channel.send(FIRING, section(section))).isInstanceOf(IOException.class);
        service.answers("message/send", "{\"errcode\": 40003, \"errmsg\": \"who?\"}");
        assertThatThrownBy(() -> channel.send(FIRING, section(section)))
                .isInstanceOf(RejectedException.class)
                .hasMessage("127.0.0.1 refused it: code 40003: who?");
        assertThat(service.told.stream().filter(told -> told.path().contains("gettoken")))
                .as("an expired token is asked for anew")
                .hasSize(2);
    }

    @Test
    void slackByWebhook() throws Exception {
        new SlackChannel(service).send(FIRING, section("""
                {"api_url": "URL/hook", "channel": "#a", "username": "am", "title": "T", "title_link": "http://l",
                 "text": "x", "fallback": "f", "color": "danger", "link_names": true, "fields": [
                 {"title": "f", "value": "v"}, {"title": "g", "value": "w", "short": false}], "short_fields": true,
                 "actions": [{"type": "button", "text": "go", "url": "http://g", "name": "n"},
                  {"type": "button", "text": "ack", "name": "n", "value": "v", "confirm": {"text": "sure?", "ok_text": "y"}}]}"""));
        isTold("POST", "/hook", """
                {"channel": "#a", "username": "am", "link_names": true, "attachments": [{"title": "T",
                 "title_link": "http://l", "text": "x", "fallback": "f", "callback_id": "", "footer": "", "color": "danger",
                 "mrkdwn_in": ["fallback", "pretext", "text"],
                 "fields": [{"title": "f", "value": "v", "short": true}, {"title": "g", "value": "w", "short": false}],
                 "actions": [{"type": "button", "text": "go", "url": "http://g"},
                  {"type": "button", "text": "ack", "name": "n", "value": "v",
                   "confirm": {"text": "sure?", "ok_text": "y"}}]}]}""");
        service.answersText(200, "no_service");
        assertThatThrownBy(() -> new SlackChannel(service).send(FIRING, section("{\"api_url\": \"URL\"}")))
                .isInstanceOf(RejectedException.class)
                .hasMessage("127.0.0.1 refused it: no_service");
    }

    @Test
    void slackChangesItsMessage() throws Exception {
        service.answers(200, "{\"ok\": true, \"channel\": \"C1\", \"ts\": \"17.5\"}");
        String section = """
                {"api_url": "URL/api/chat.postMessage", "app_token": "xoxb", "channel": "#a", "update_message": true}""";
        String memo = new SlackChannel(service).send(FIRING, section(section), "");
        assertThat(service.last().headers().getFirst("Authorization")).isEqualTo("Bearer xoxb");
        assertThat(service.last().json()).doesNotContainKey("ts");
        // As after a restart.
        SlackChannel channel = new SlackChannel(service);
        assertThat(channel.send(FIRING, section(section), memo)).isEqualTo(memo);
        String after = channel.send(RESOLVED, section(section), memo);
        assertThat(service.last().path()).isEqualTo("/api/chat.update");
        assertThat(service.last().json().getString("ts")).isEqualTo("17.5");
        assertThat(service.last().json().getString("channel")).isEqualTo("C1");
        channel.send(FIRING, section(section), after);
        assertThat(service.last().path()).as("another incident").isEqualTo("/api/chat.postMessage");
        channel.send(FIRING, section(section.replace("#a", "#b")), memo);
        assertThat(service.last().path()).as("another channel").isEqualTo("/api/chat.postMessage");
        service.answers(200, "{\"ok\": false, \"error\": \"channel_not_found\"}");
        assertThatThrownBy(() -> channel.send(FIRING, section(section)))
                .hasMessage("127.0.0.1 refused it: channel_not_found");
    }

    @Test
    void incidentIo() throws Exception {
        new IncidentIoChannel(service)
                .send(FIRING, section("{\"url\": \"URL/v2/alert\", \"alert_source_token\": \"t\"}"));
        assertThat(service.last().headers().getFirst("Authorization")).isEqualTo("Bearer t");
        isTold("POST", "/v2/alert", """
                {"receiver": "team", "status": "firing", "alerts": [{"status": "firing",
                 "labels": {"alertname": "Down", "job": "api"}, "annotations": {"summary": "gone"},
                 "startsAt": "2023-11-14T22:13:20Z", "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "http://n/graph",
                 "fingerprint": "%s"}], "notification_reason": "first notification", "groupLabels": {"job": "api"},
                 "commonLabels": {"alertname": "Down", "job": "api"}, "commonAnnotations": {"summary": "gone"},
                 "routeLabels": {}, "externalURL": "http://n", "version": "1", "groupKey": "{}:{job=\\"api\\"}",
                 "truncatedAlerts": 0}""".formatted(FIRING.alerts().get(0).fingerprint()));
        Alert large = new Alert(Labels.of("a", "b"), Labels.of("text", "x".repeat(300_000)), 1, 0, "");
        Alert other = new Alert(Labels.of("a", "c"), large.annotations(), 1, 0, "");
        Notification two = new Notification("team", GROUP, Labels.EMPTY, List.of(large, other), "http://n");
        new IncidentIoChannel(service).send(two, section("{\"url\": \"URL\"}"));
        assertThat(service.last().json().getJsonArray("alerts")).hasSize(1);
        assertThat(service.last().json().getInt("truncatedAlerts")).isEqualTo(1);
    }

    @Test
    void incidentIoIsToldNoMoreAlertsThanItWants() throws Exception {
        Alert one = new Alert(Labels.of("a", "b"), Labels.EMPTY, 1, 0, "");
        Alert other = new Alert(Labels.of("a", "c"), Labels.EMPTY, 1, 0, "");
        Notification two = new Notification("team", GROUP, Labels.EMPTY, List.of(one, other), "http://n");
        new IncidentIoChannel(service).send(two, section("{\"url\": \"URL\", \"max_alerts\": 1}"));
        assertThat(service.last().json().getJsonArray("alerts")).hasSize(1);
        assertThat(service.last().json().getInt("truncatedAlerts")).isEqualTo(1);
        new IncidentIoChannel(service).send(two, section("{\"url\": \"URL\", \"max_alerts\": 3}"));
        assertThat(service.last().json().getInt("truncatedAlerts")).isZero();
    }
}
