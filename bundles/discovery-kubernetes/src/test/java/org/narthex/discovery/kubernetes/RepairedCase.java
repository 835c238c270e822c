package org.narthex.discovery.kubernetes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.narthex.api.discovery.Json;

/**
 * A case of upstream's. The extraction took an object as it was first written: where the test then moves it to another namespace, or gives it other
 * labels, that is lost. Both can be told from what is expected, and are put back here.
 */
final class RepairedCase {
    private final Json test;
    private final List<Json> objects;
    private final List<Json> events = new ArrayList<>();

    RepairedCase(Json test) throws IOException {
        this.test = test;
        objects = moved(test.items("initial_objects"));
        Map<String, Json> known = new HashMap<>();
        objects.forEach(object -> known.put(identity(object), object));
        for (Json event : test.items("events_after_start")) {
            for (Json object : moved(List.of(event.get("object")))) {
                boolean same = object.isMap() && object.equals(known.put(identity(object), object));
                events.add(with(event, "object", same ? relabelled(object) : object));
            }
        }
    }

    Json test() {
        return test;
    }

    List<Json> objects() {
        return objects;
    }

    List<Json> events() {
        return events;
    }

    static String plural(Json object) {
        String kind = object.text("kind").toLowerCase(Locale.ROOT);
        return kind.endsWith("s") ? kind.endsWith("ss") ? kind + "es" : kind : kind + "s";
    }

    private static String identity(Json object) {
        return object.text("kind") + " " + Cluster.key(object);
    }

    /** Objects of the role that nothing is expected of, but of their like in other namespaces. */
    private List<Json> moved(List<Json> originals) throws IOException {
        String role = Role.of(test.text("role")).orElseThrow().resource().role();
        List<String> keys = test.get("expected").entries().keySet().stream()
                .map(source -> source.substring(source.indexOf('/') + 1))
                .toList();
        List<Json> moved = new ArrayList<>();
        for (Json object : originals) {
            String name = object.get("metadata", "name").text();
            boolean lost = object.isMap()
                    && object.text("kind").toLowerCase(Locale.ROOT).equals(role)
                    && !keys.contains(Cluster.key(object));
            int before = moved.size();
            for (String key : lost ? keys : List.<String>of()) {
                int slash = key.indexOf('/');
                if (slash > 0
                        && key.substring(slash + 1).equals(name)
                        && originals.stream()
                                .noneMatch(other -> Cluster.key(other).equals(key) && sameKind(other, object))) {
                    moved.add(withMetadata(object, "namespace", JsonText.quoted(key.substring(0, slash))));
                }
            }
            if (moved.size() == before) {
                moved.add(object);
            }
        }
        return moved;
    }

    private static boolean sameKind(Json one, Json other) {
        return one.text("kind").equals(other.text("kind"));
    }

    /** A namespace or a service with the labels and annotations that are expected of it. */
    private Json relabelled(Json object) throws IOException {
        String kind = object.text("kind").toLowerCase(Locale.ROOT);
        if ((!kind.equals("namespace") && !kind.equals("service")) || kind.equals(test.text("role"))) {
            return object;
        }
        Json labels = test.get("expected").entries().values().iterator().next().get("Labels");
        Json result = object;
        for (String part : List.of("label", "annotation")) {
            String prefix = ObjectLabels.PREFIX + kind + "_" + part + "_";
            String texts = labels.texts().entrySet().stream()
                    .filter(label -> label.getKey().startsWith(prefix))
                    .map(label -> JsonText.quoted(label.getKey().substring(prefix.length())) + ":"
                            + JsonText.quoted(label.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
            result = withMetadata(result, part + "s", texts);
        }
        return result;
    }

    private static Json withMetadata(Json object, String key, String json) throws IOException {
        return with(object, "metadata", with(object.get("metadata"), key, Json.parse(json)));
    }

    private static Json with(Json map, String key, Json value) throws IOException {
        Map<String, Json> entries = new LinkedHashMap<>(map.entries());
        entries.put(key, value);
        return Json.parse(entries.entrySet().stream()
                .map(entry -> JsonText.quoted(entry.getKey()) + ":" + JsonText.of(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}")));
    }
}
