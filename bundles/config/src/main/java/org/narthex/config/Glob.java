package org.narthex.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** File names with wildcards in their last part, as Prometheus takes them for rule files and included scrape configurations. */
final class Glob {
    private Glob() {}

    /** Whether a wildcard {@code *} stands in the last part at most. */
    static boolean isValid(String pattern) {
        int star = pattern.indexOf('*');
        return star < 0 || pattern.indexOf('/', star) < 0;
    }

    /**
     * The files that match, in order; none if none does.
     *
     * @param folder what a relative pattern is relative to; null for the working directory
     */
    static List<Path> expand(Path folder, String pattern) throws IOException {
        int slash = pattern.lastIndexOf('/');
        String last = pattern.substring(slash + 1);
        if (last.indexOf('*') < 0 && last.indexOf('?') < 0 && last.indexOf('[') < 0) {
            Path file = resolve(folder, pattern);
            return Files.exists(file) ? List.of(file) : List.of();
        }
        // "/" alone keeps its slash.
        String parentName = slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash);
        Path parent = resolve(folder, parentName);
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        // Braces are plain characters in Prometheus' patterns.
        String javaGlob = last.replace("{", "\\{").replace("}", "\\}");
        try (DirectoryStream<Path> matching = Files.newDirectoryStream(parent, javaGlob)) {
            matching.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(null);
        return files;
    }

    private static Path resolve(Path folder, String name) {
        Path path = Path.of(name);
        return folder == null || path.isAbsolute() ? path : folder.resolve(path);
    }
}
