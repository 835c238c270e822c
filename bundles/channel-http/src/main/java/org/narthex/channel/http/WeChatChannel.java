package org.narthex.channel.http;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.json.JsonObject;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Sends a message by an application of WeChat for enterprises. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=wechat")
public final class WeChatChannel extends ForgetfulChannel {
    private static final long TOKEN_MS = 2 * 3_600_000L;
    private static final Set<Integer> EXPIRED = Set.of(40014, 42001);

    private record Token(String text, long untilMs) {
        @Override
        public String toString() {
            return "<secret>";
        }
    }

    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    private final InstantSource clock;

    @Activate
    public WeChatChannel(@Reference(name = "clients") HttpClients clients) {
        this(clients, InstantSource.system());
    }

    WeChatChannel(HttpClients clients, InstantSource clock) {
        super(clients);
        this.clock = clock;
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        URI api = settings.url("api_url");
        Map<String, String> asking = new LinkedHashMap<>();
        asking.put("corpid", settings.text("corp_id"));
        asking.put("corpsecret", settings.secret("api_secret"));
        Token token = token(settings, Call.encode(asking), api);
        String type = settings.text("message_type").equals("markdown") ? "markdown" : "text";
        Fields body = new Fields()
                .put(type, new Fields().put("content", settings.text("message")).done())
                .given("touser", settings.text("to_user"))
                .given("toparty", settings.text("to_party"))
                .given("totag", settings.text("to_tag"))
                .given("agentid", settings.text("agent_id"))
                .put("safe", "0")
                .put("msgtype", type);
        URI url = settings.url("api_url", "message/send?access_token=" + Call.encode(token.text));
        Answer answer = call(settings, Call.post(url, body.done())).accepted();
        JsonObject said = answer.json();
        int code = said.getInt("errcode", 0);
        if (EXPIRED.contains(code)) {
            tokens.remove(Call.encode(asking));
            throw new IOException(answer.host() + " takes the token for expired, code " + code);
        }
        if (code != 0) {
            throw answer.rejected("code " + code + ": " + said.getString("errmsg", ""));
        }
    }

    private Token token(Settings settings, String asking, URI api)
            throws IOException, RejectedException, ConfigException {
        Token known = tokens.get(asking);
        long nowMs = clock.millis();
        if (known != null && nowMs < known.untilMs) {
            return known;
        }
        Answer answer = call(settings, Call.get(settings.url("api_url", "gettoken?" + asking)))
                .accepted();
        String text = answer.json().getString("access_token", "");
        if (text.isEmpty()) {
            throw answer.rejected("no access token for corp_id and secret at " + api.getHost());
        }
        Token fresh = new Token(text, nowMs + TOKEN_MS);
        tokens.put(asking, fresh);
        return fresh;
    }
}
