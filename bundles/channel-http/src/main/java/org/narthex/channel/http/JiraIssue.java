package org.narthex.channel.http;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/** Writes an issue of Jira. */
final class JiraIssue {
    private static final int MAX_SUMMARY = 255;
    private static final int MAX_DESCRIPTION = 32_767;

    private JiraIssue() {}

    /**
     * @param label by which it is found again
     * @param isNew whether it is made; else only what may be changed is told
     */
    static JsonObject of(Settings settings, String label, boolean isNew) throws ConfigException, IOException {
        Fields fields = new Fields();
        fields.put("project", new Fields().put("key", settings.text("project")).done());
        fields.put(
                "issuetype",
                new Fields().put("name", settings.text("issue_type")).done());
        if (isNew || isUpdated(settings, "summary")) {
            fields.put("summary", Text.first(template(settings, "summary"), MAX_SUMMARY));
        }
        String description = Text.first(template(settings, "description"), MAX_DESCRIPTION);
        if ((isNew || isUpdated(settings, "description")) && !description.isBlank()) {
            fields.put("description", description(settings, description));
        }
        if (isNew || isUpdated(settings, "labels")) {
            fields.put("labels", Fields.texts(labels(settings, label)));
        }
        String priority = settings.text("priority");
        if (!priority.isEmpty()) {
            fields.put("priority", new Fields().put("name", priority).done());
        }
        Optional<ConfigNode> own = settings.node().given("fields");
        if (own.isPresent()) {
            fields.putAll(Fields.object(own.get()));
        }
        return new Fields().put("fields", fields.done()).done();
    }

    private static boolean isUpdated(Settings settings, String key) throws ConfigException {
        Optional<ConfigNode> node = settings.node().given(key);
        return node.isEmpty() || !node.get().isMapping() || node.get().bool("enable_update", true);
    }

    private static String template(Settings settings, String key) throws ConfigException {
        Optional<ConfigNode> node = settings.node().given(key);
        if (node.isEmpty()) {
            return "";
        }
        return node.get().isMapping()
                ? node.get().string("template", "")
                : node.get().text();
    }

    private static List<String> labels(Settings settings, String label) throws ConfigException {
        Optional<ConfigNode> node = settings.node().given("labels");
        List<String> labels = new ArrayList<>();
        if (node.isPresent() && node.get().isMapping()) {
            labels.addAll(node.get().strings("values"));
        } else {
            labels.addAll(settings.node().strings("labels"));
        }
        labels.add(label);
        Collections.sort(labels);
        return labels;
    }

    /** Version 3 of the API wants a document, as JSON; versions before it a text. */
    private static JsonValue description(Settings settings, String text) throws ConfigException, IOException {
        String path = settings.url("api_url").getPath();
        if (!path.replaceAll("/+$", "").endsWith("/3")) {
            return Json.createValue(text);
        }
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.read();
        } catch (JsonException e) {
            throw settings.node().require("description").error("is not the JSON that version 3 of the API wants");
        }
    }
}
