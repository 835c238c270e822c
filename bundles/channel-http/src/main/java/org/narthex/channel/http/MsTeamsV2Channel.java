package org.narthex.channel.http;

import java.io.IOException;
import java.util.List;

import jakarta.json.JsonValue;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Posts an adaptive card to a workflow of Microsoft Teams. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=msteamsv2")
public final class MsTeamsV2Channel extends ForgetfulChannel {

    @Activate
    public MsTeamsV2Channel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        Fields title = new Fields()
                .put("type", "TextBlock")
                .put("text", settings.text("title"))
                .put("weight", "Bolder")
                .put("size", "Medium")
                .put("wrap", true)
                .put("style", "heading")
                .put("color", notification.isResolved() ? "Good" : "Attention");
        Fields text = new Fields()
                .put("type", "TextBlock")
                .put("text", settings.text("text"))
                .put("wrap", true);
        Fields card = new Fields()
                .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                .put("type", "AdaptiveCard")
                .put("version", "1.2")
                .put("body", Fields.list(List.of(title.done(), text.done())))
                .put("msteams", new Fields().put("width", "full").done());
        Fields attachment = new Fields()
                .put("contentType", "application/vnd.microsoft.card.adaptive")
                .put("contentUrl", JsonValue.NULL)
                .put("content", card.done());
        Fields body = new Fields().put("type", "message").put("attachments", Fields.list(List.of(attachment.done())));
        call(settings, Call.post(settings.url("webhook_url"), body.done())).accepted();
    }
}
