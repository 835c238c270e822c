package org.narthex.discovery.kubernetes;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.narthex.api.discovery.Json;

/**
 * The objects that are known, and which of them were looked at to make a group: when one of those changes, comes or goes, the group must be made anew.
 * Used by one thread at a time.
 */
final class Cluster {
    private record Reference(Resource resource, String key) {}

    private final Map<Resource, Map<String, Json>> objects = new EnumMap<>(Resource.class);
    private final Map<Reference, Set<String>> dependents = new HashMap<>();
    private final Map<String, Set<Reference>> dependencies = new HashMap<>();
    /** The key of the object whose group is being made. */
    private String making = "";

    /** {@code namespace/name}, or the name where there is no namespace. */
    static String key(Json object) {
        return key(
                object.get("metadata", "namespace").text(),
                object.get("metadata", "name").text());
    }

    static String key(String namespace, String name) {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    Map<String, Json> all(Resource resource) {
        return objects.computeIfAbsent(resource, kind -> new HashMap<>());
    }

    /** What is being made from now on; what it depended on before is forgotten. */
    void begin(String key) {
        making = key;
        Set<Reference> before = dependencies.remove(key);
        if (before != null) {
            for (Reference reference : before) {
                Set<String> keys = dependents.get(reference);
                keys.remove(key);
                if (keys.isEmpty()) {
                    dependents.remove(reference);
                }
            }
        }
    }

    /** An object that a group is made with; absent if there is none, yet. */
    Json look(Resource resource, String key) {
        Reference reference = new Reference(resource, key);
        dependents.computeIfAbsent(reference, any -> new HashSet<>()).add(making);
        dependencies.computeIfAbsent(making, any -> new HashSet<>()).add(reference);
        return all(resource).getOrDefault(key, Json.ABSENT);
    }

    /** The keys of the groups that were made with the object. */
    Set<String> dependents(Resource resource, String key) {
        return new HashSet<>(dependents.getOrDefault(new Reference(resource, key), Set.of()));
    }
}
