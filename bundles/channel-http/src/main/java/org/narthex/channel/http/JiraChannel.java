package org.narthex.channel.http;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keeps one issue of Jira per group: makes it, changes it, and moves it through its workflow. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=jira")
public final class JiraChannel extends ForgetfulChannel {

    @Activate
    public JiraChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        boolean firing = !notification.isResolved();
        String label = "ALERT{" + Text.hash(notification.groupKey()) + "}";
        Optional<JsonObject> known = find(settings, label, firing);
        if (known.isEmpty()) {
            if (firing) {
                send(settings, Call.post(settings.url("api_url", "issue"), JiraIssue.of(settings, label, true)));
            }
            return;
        }
        String issue = "issue/" + known.get().getString("key");
        send(settings, Call.json("PUT", settings.url("api_url", issue), JiraIssue.of(settings, label, false)));
        move(settings, known.get(), issue, firing);
    }

    private Answer send(Settings settings, Call call) throws IOException, RejectedException {
        return call(settings, call.with("Accept-Language", "en")).accepted();
    }

    private Optional<JsonObject> find(Settings settings, String label, boolean firing)
            throws IOException, RejectedException, ConfigException {
        JsonObject search = new Fields()
                .put("jql", query(settings, label, firing))
                .put("maxResults", 2)
                .put("fields", Fields.texts(List.of("status")))
                .done();
        JsonArray issues =
                send(settings, Call.post(searchUrl(settings), search)).json().getJsonArray("issues");
        return issues == null || issues.isEmpty() ? Optional.empty() : Optional.of(issues.getJsonObject(0));
    }

    /** The cloud has another search than a data centre. */
    private static URI searchUrl(Settings settings) throws ConfigException, IOException {
        String type = settings.text("api_type");
        boolean cloud = type.equals("cloud")
                || (!type.equals("datacenter")
                        && settings.url("api_url").getHost().endsWith("atlassian.net"));
        return cloud
                ? URI.create(settings.url("api_url", "search/jql").toString().replace("/rest/api/2/", "/rest/api/3/"))
                : settings.url("api_url", "search");
    }

    private static String query(Settings settings, String label, boolean firing) throws ConfigException {
        StringBuilder jql = new StringBuilder();
        String wontFix = settings.text("wont_fix_resolution");
        if (!wontFix.isEmpty()) {
            jql.append("resolution != ").append(quote(wontFix)).append(" and ");
        }
        long reopenMinutes = settings.node().durationMs("reopen_duration", 0) / 60_000;
        if (firing && !settings.text("reopen_transition").isEmpty() && reopenMinutes > 0) {
            jql.append("(resolutiondate is EMPTY OR resolutiondate >= -")
                    .append(reopenMinutes)
                    .append("m) and ");
        } else {
            jql.append("statusCategory != Done and ");
        }
        return jql.append("project=")
                .append(quote(settings.text("project")))
                .append(" and labels=")
                .append(quote(label))
                .append(" order by status ASC,resolutiondate DESC")
                .toString();
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private void move(Settings settings, JsonObject known, String issue, boolean firing)
            throws IOException, RejectedException, ConfigException {
        boolean done = category(known).equals("done");
        if (firing != done) {
            return;
        }
        String wanted = settings.text(firing ? "reopen_transition" : "resolve_transition");
        if (wanted.isEmpty()) {
            return;
        }
        URI url = settings.url("api_url", issue + "/transitions");
        Answer answer = send(settings, Call.get(url));
        for (JsonObject transition : answer.json().getJsonArray("transitions").getValuesAs(JsonObject.class)) {
            if (transition.getString("name", "").equals(wanted)) {
                Fields id = new Fields().put("id", transition.getString("id"));
                send(
                        settings,
                        Call.post(url, new Fields().put("transition", id.done()).done()));
                return;
            }
        }
        throw answer.rejected("there is no transition " + wanted + " for " + issue);
    }

    private static String category(JsonObject issue) {
        JsonObject at = issue;
        for (String key : new String[] {"fields", "status", "statusCategory"}) {
            at = at.containsKey(key) && !at.isNull(key) ? at.getJsonObject(key) : JsonValue.EMPTY_JSON_OBJECT;
        }
        return at.getString("key", "");
    }
}
