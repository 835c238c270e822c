package org.narthex.channel.http;

import java.io.IOException;
import java.util.Map;
import java.util.Set;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Posts an alert to VictorOps (Splunk On-Call). */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=victorops")
public final class VictorOpsChannel extends ForgetfulChannel {
    private static final int MAX_MESSAGE = 20_480;
    private static final Set<String> FIRING = Set.of("INFO", "WARNING", "CRITICAL");

    @Activate
    public VictorOpsChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        String type = settings.text("message_type");
        Fields body = new Fields()
                .put("message_type", notification.isResolved() ? "RECOVERY" : FIRING.contains(type) ? type : "CRITICAL")
                .put("entity_id", Text.hash(notification.groupKey()))
                .put("entity_display_name", settings.text("entity_display_name"))
                .put("state_message", Text.first(settings.text("state_message"), MAX_MESSAGE))
                .put("monitoring_tool", settings.text("monitoring_tool"));
        for (Map.Entry<String, String> field :
                settings.node().stringMap("custom_fields").entrySet()) {
            body.put(field.getKey(), field.getValue());
        }
        String path = Call.encode(settings.secret("api_key")) + "/" + Call.encode(settings.text("routing_key"));
        call(settings, Call.post(settings.url("api_url", path), body.done())).accepted();
    }
}
