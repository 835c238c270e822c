package org.narthex.alert.template;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.model.Labels;

/** Labels or annotations as notification templates see them: a map with methods. */
final class KeyValues extends AbstractMap<String, String> implements Members {
    /** A name with its value. */
    record Pair(String name, String value) implements Members {
        @Override
        public Object member(String field, List<Object> arguments) throws TemplateException {
            return switch (field) {
                case "Name" -> name;
                case "Value" -> value;
                default -> throw Members.unknown(field, typeName());
            };
        }

        @Override
        public String typeName() {
            return "template.Pair";
        }

        @Override
        public String toString() {
            return "{" + name + " " + value + "}";
        }
    }

    /** Null for a map that was never made. */
    private final Labels labels;

    private final Map<String, String> map;

    KeyValues(Labels labels) {
        this.labels = labels;
        this.map = labels == null ? Map.of() : labels.toMap();
    }

    boolean isAbsent() {
        return labels == null;
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return map.entrySet();
    }

    @Override
    public String get(Object name) {
        return map.getOrDefault(name, "");
    }

    @Override
    public Object member(String name, List<Object> arguments) throws TemplateException {
        switch (name) {
            case "SortedPairs" -> {
                return new Pairs(sorted());
            }
            case "Names" -> {
                return sorted().stream().map(Pair::name).toList();
            }
            case "Values" -> {
                return sorted().stream().map(Pair::value).toList();
            }
            case "Remove" -> {
                return remove(arguments);
            }
            case "String" -> {
                return toString();
            }
            default -> {
                if (!arguments.isEmpty()) {
                    throw new TemplateException(name + " is not a method but has arguments");
                }
                return get(name);
            }
        }
    }

    private KeyValues remove(List<Object> arguments) throws TemplateException {
        if (arguments.size() != 1) {
            throw new TemplateException("wrong number of args for Remove: want 1 got " + arguments.size());
        }
        if (!(arguments.get(0) instanceof List<?> names)) {
            throw Function.wrongType("[]string", arguments.get(0));
        }
        Set<Object> removed = new HashSet<>(names);
        return new KeyValues(labels == null ? Labels.EMPTY : labels.without(removed::contains));
    }

    /** By name, the alert's own before all. */
    private List<Pair> sorted() {
        List<Pair> pairs = new ArrayList<>();
        map.forEach((name, value) -> pairs.add(name.equals("alertname") ? 0 : pairs.size(), new Pair(name, value)));
        return pairs;
    }

    @Override
    public String typeName() {
        return "template.KV";
    }

    /** {@code a=1, b=2} */
    @Override
    public String toString() {
        return new Pairs(sorted()).toString();
    }
}
