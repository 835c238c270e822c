package org.narthex.channel.http;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import jakarta.json.JsonObject;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;
import org.narthex.api.model.Labels;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Makes, updates and closes alerts of Opsgenie. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=opsgenie")
public final class OpsGenieChannel extends ForgetfulChannel {
    private static final int MAX_MESSAGE = 130;

    @Activate
    public OpsGenieChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        String alias = Text.hash(notification.groupKey());
        String key = "GenieKey " + settings.secret("api_key");
        for (Call call : calls(notification, settings, alias)) {
            call(settings, call.with("Authorization", key)).accepted();
        }
    }

    private static List<Call> calls(Notification notification, Settings settings, String alias)
            throws ConfigException, IOException {
        if (notification.isResolved()) {
            Fields close = new Fields().put("source", settings.text("source"));
            return List.of(Call.post(ofAlert(settings, alias, "close"), close.done()));
        }
        String message = Text.first(settings.text("message"), MAX_MESSAGE);
        String description = settings.text("description");
        List<Call> calls = new ArrayList<>();
        calls.add(Call.post(settings.url("api_url", "v2/alerts"), alert(notification, settings, alias, message)));
        if (settings.node().bool("update_alerts", false)) {
            // Making one that exists changes nothing but its count.
            calls.add(Call.json(
                    "PUT",
                    ofAlert(settings, alias, "message"),
                    new Fields().given("message", message).done()));
            calls.add(Call.json(
                    "PUT",
                    ofAlert(settings, alias, "description"),
                    new Fields().given("description", description).done()));
        }
        return calls;
    }

    private static URI ofAlert(Settings settings, String alias, String what) throws ConfigException, IOException {
        return settings.url("api_url", "v2/alerts/" + alias + "/" + what + "?identifierType=alias");
    }

    private static JsonObject alert(Notification notification, Settings settings, String alias, String message)
            throws ConfigException {
        Fields details = new Fields();
        Labels common = notification.commonLabels();
        for (int i = 0; i < common.size(); i++) {
            details.put(common.name(i), common.value(i));
        }
        settings.node().stringMap("details").forEach(details::put);
        Fields alert = new Fields()
                .put("alias", alias)
                .put("message", message)
                .given(settings, "description")
                .put("details", details.done())
                .put("source", settings.text("source"))
                .given(settings, "note", "priority", "entity");
        List<JsonObject> responders = responders(settings);
        if (!responders.isEmpty()) {
            alert.put("responders", Fields.list(responders));
        }
        for (String key : new String[] {"tags", "actions"}) {
            List<String> items = Text.list(settings.text(key));
            if (!items.isEmpty()) {
                alert.put(key, Fields.texts(items));
            }
        }
        return alert.done();
    }

    private static List<JsonObject> responders(Settings settings) throws ConfigException {
        List<JsonObject> responders = new ArrayList<>();
        for (ConfigNode each : settings.node().list("responders")) {
            String type = each.string("type", "");
            String name = each.string("name", "");
            if (type.equals("teams")) {
                Text.list(name)
                        .forEach(team -> responders.add(new Fields()
                                .put("name", team)
                                .put("type", "team")
                                .done()));
                continue;
            }
            String id = each.string("id", "");
            String username = each.string("username", "");
            // A template may come to nothing: then nobody is meant.
            if (!(id + name + username + type).isEmpty()) {
                responders.add(new Fields()
                        .given("id", id)
                        .given("name", name)
                        .given("username", username)
                        .put("type", type)
                        .done());
            }
        }
        return responders;
    }
}
