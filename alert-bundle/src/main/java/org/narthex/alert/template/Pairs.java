package org.narthex.alert.template;

import java.util.AbstractList;
import java.util.List;
import java.util.stream.Collectors;

/** Names with their values, in order. */
final class Pairs extends AbstractList<KeyValues.Pair> implements Members {
    private final List<KeyValues.Pair> pairs;

    Pairs(List<KeyValues.Pair> pairs) {
        this.pairs = pairs;
    }

    @Override
    public KeyValues.Pair get(int index) {
        return pairs.get(index);
    }

    @Override
    public int size() {
        return pairs.size();
    }

    @Override
    public Object member(String name, List<Object> arguments) throws TemplateException {
        return switch (name) {
            case "Names" -> pairs.stream().map(KeyValues.Pair::name).toList();
            case "Values" -> pairs.stream().map(KeyValues.Pair::value).toList();
            case "String" -> toString();
            default -> throw Members.unknown(name, typeName());
        };
    }

    @Override
    public String typeName() {
        return "template.Pairs";
    }

    @Override
    public String toString() {
        return pairs.stream().map(pair -> pair.name() + "=" + pair.value()).collect(Collectors.joining(", "));
    }
}
