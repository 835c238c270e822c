package org.narthex.exporter.node;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A file of lines of numbers, each after a word that says what they are. */
final class KeyedLines {
    private final String file;
    private final Map<String, List<String>> lines = new HashMap<>();

    /** @throws NoDataException if there is no such file */
    KeyedLines(KernelFiles files, String file) throws IOException {
        this.file = file;
        files.source(file).lines().forEach(line -> {
            List<String> words = KernelFiles.words(line);
            if (!words.isEmpty()) {
                lines.put(words.get(0), words);
            }
        });
    }

    /** The words of a line, with that which begins it; none if there is no such line. */
    List<String> words(String key) {
        return lines.getOrDefault(key, List.of());
    }

    /** A number of a line, the first one being 1; 0 if this kernel does not write so many. */
    double number(String key, int index) throws IOException {
        List<String> words = words(key);
        return index < words.size() ? KernelFiles.number(file, words.get(index)) : 0;
    }
}
