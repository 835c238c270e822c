package org.narthex.tsdb.block;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.tsdb.index.SymbolSource;

/** Strings held in memory, and their order. */
final class SymbolMap implements SymbolSource {
    private final String[] sorted;
    private final Map<String, Integer> numbers;

    /** @param distinct each once, in any order */
    SymbolMap(Collection<String> distinct) {
        sorted = distinct.toArray(new String[0]);
        Arrays.sort(sorted, Labels.UTF8_ORDER);
        numbers = new HashMap<>(sorted.length * 4 / 3 + 1);
        for (int i = 0; i < sorted.length; i++) {
            numbers.put(sorted[i], i);
        }
    }

    @Override
    public int count() {
        return sorted.length;
    }

    @Override
    public void forEach(Sink sink) throws IOException {
        for (String text : sorted) {
            sink.symbol(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The labels as numbers: name, value, name, value, …. */
    int[] of(Labels labels) {
        int[] symbols = new int[2 * labels.size()];
        for (int i = 0; i < labels.size(); i++) {
            symbols[2 * i] = number(labels.name(i));
            symbols[2 * i + 1] = number(labels.value(i));
        }
        return symbols;
    }

    private int number(String text) {
        Integer number = numbers.get(text);
        if (number == null) {
            throw new IllegalArgumentException("\"" + text + "\" is not among the symbols");
        }
        return number;
    }
}
