package org.narthex.exporter.node;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;

/** Reads the small text files below {@code /proc} or {@code /sys}. */
final class KernelFiles {
    private static final int FIRST_READ = 16 * 1024;

    private final Path root;

    KernelFiles(Path root) {
        this.root = root;
    }

    /**
     * The whole text. It is read in large pieces from the first on: a file below {@code /proc/sys} gives all it has to the first read and nothing to
     * the next, however small the first was, and all say that their size is 0.
     */
    String text(String file) throws IOException {
        byte[] text = new byte[FIRST_READ];
        int length = 0;
        try (InputStream in = new FileInputStream(root.resolve(file).toFile())) {
            for (int n = in.read(text, 0, text.length); n > 0; n = in.read(text, length, text.length - length)) {
                length += n;
                if (length == text.length) {
                    text = Arrays.copyOf(text, 2 * length);
                }
            }
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    /** The text without the line end; empty if there is no such file. */
    Optional<String> line(String file) {
        try {
            return Optional.of(text(file).stripTrailing());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    List<String> lines(String file) throws IOException {
        return text(file).lines().toList();
    }

    /** What blanks separate. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringTokenizer tokens = new StringTokenizer(line);
        while (tokens.hasMoreTokens()) {
            words.add(tokens.nextToken());
        }
        return words;
    }

    /** @throws IOException naming file and text, if the text is no number */
    static double number(String file, String text) throws IOException {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IOException(file + ": not a number: \"" + text + "\"", e);
        }
    }
}
