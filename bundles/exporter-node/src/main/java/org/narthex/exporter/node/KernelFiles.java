package org.narthex.exporter.node;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringTokenizer;
import java.util.concurrent.atomic.AtomicReference;

/** Reads the small text files below {@code /proc}, {@code /sys} or another root. For any thread. */
final class KernelFiles {
    private static final int FIRST_READ = 16 * 1024;
    /** A long of so many digits surely fits. */
    private static final int SAFE_DIGITS = 18;

    private final File root;
    /** The bytes of the file read last, to be used for the next; null while a thread reads into them. */
    private final AtomicReference<byte[]> spare = new AtomicReference<>();

    KernelFiles(Path root) {
        this.root = root.toFile();
    }

    /** The file itself, for what cannot be asked by reading it. */
    File file(String name) {
        return new File(root, name);
    }

    /**
     * The whole text. It is read in large pieces from the first on: a file below {@code /proc/sys} gives all it has to the first read and nothing to
     * the next, however small the first was, and all say that their size is 0.
     */
    String text(String file) throws IOException {
        byte[] text = spare.getAndSet(null);
        if (text == null) {
            text = new byte[FIRST_READ];
        }
        int length = 0;
        try (InputStream in = new FileInputStream(file(file))) {
            for (int n = in.read(text, 0, text.length); n > 0; n = in.read(text, length, text.length - length)) {
                length += n;
                if (length == text.length) {
                    text = Arrays.copyOf(text, 2 * length);
                }
            }
            return new String(text, 0, length, StandardCharsets.UTF_8);
        } finally {
            spare.set(text);
        }
    }

    /** @throws NoDataException if there is no such file, as on hosts that do not have what it tells of */
    String source(String file) throws IOException {
        try {
            return text(file);
        } catch (FileNotFoundException e) {
            if (file(file).exists()) {
                throw e;
            }
            throw new NoDataException(file);
        }
    }

    /** The text without blanks at its ends; empty if there is no such file, or it cannot be read. */
    Optional<String> line(String file) {
        // Many a device lacks many an attribute: asking costs less than failing.
        if (!file(file).exists()) {
            return Optional.empty();
        }
        try {
            return Optional.of(text(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The number that is all of a file; empty if there is no such file, it cannot be read, or holds something else. */
    OptionalDouble value(String file) {
        Optional<String> line = line(file);
        try {
            return line.isPresent() ? OptionalDouble.of(number(file, line.get())) : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }

    /** The number that is all of a file. */
    double number(String file) throws IOException {
        return number(file, text(file).strip());
    }

    List<String> lines(String file) throws IOException {
        return text(file).lines().toList();
    }

    /** The names in a folder, sorted; none if there is no such folder. */
    List<String> names(String folder) {
        String[] names = file(folder).list();
        if (names == null) {
            return List.of();
        }
        Arrays.sort(names);
        return List.of(names);
    }

    /** The names in a folder that are the prefix and a number. */
    List<String> numbered(String folder, String prefix) {
        List<String> found = new ArrayList<>();
        for (String name : names(folder)) {
            if (name.startsWith(prefix) && isNumber(name, prefix.length())) {
                found.add(name);
            }
        }
        return found;
    }

    private static boolean isNumber(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return from < text.length();
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

    /** @throws IOException naming file and text, if the text is no number; hexadecimal ones begin with 0x */
    static double number(String file, String text) throws IOException {
        try {
            if (text.startsWith("0x")) {
                return hexadecimal(text.substring(2));
            }
            return text.length() <= SAFE_DIGITS && isNumber(text, 0) ? Long.parseLong(text) : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IOException(file + ": not a number: \"" + text + "\"", e);
        }
    }

    /** @throws IOException naming file and text, if the text is no hexadecimal number */
    static double hexadecimal(String file, String text) throws IOException {
        try {
            return hexadecimal(text);
        } catch (NumberFormatException e) {
            throw new IOException(file + ": not a hexadecimal number: \"" + text + "\"", e);
        }
    }

    private static double hexadecimal(String text) {
        return Long.parseUnsignedLong(text, 16);
    }
}
