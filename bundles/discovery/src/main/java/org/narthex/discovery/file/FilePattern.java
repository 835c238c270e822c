package org.narthex.discovery.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The name of a file, or of several by one star in its last element: {@code targets/*.json}.
 *
 * @param folder where they are
 * @param prefix what the names begin with
 * @param suffix what they end with; empty if the prefix is the whole name
 */
record FilePattern(Path folder, String prefix, String suffix, boolean hasStar) {
    /**
     * @param base the folder relative names are in
     * @throws IllegalArgumentException if the name is none of a target list
     */
    static FilePattern of(Path base, String text) {
        String extension = text.substring(Math.max(0, text.lastIndexOf('.')));
        boolean known =
                switch (extension) {
                    case ".json", ".yml", ".yaml", ".JSON", ".YML", ".YAML" -> true;
                    default -> false;
                };
        int slash = text.lastIndexOf('/');
        String name = text.substring(slash + 1);
        int star = name.indexOf('*');
        if (!known || text.lastIndexOf('*', slash) >= 0 || (star >= 0 && name.indexOf('*', star + 1) >= 0)) {
            throw new IllegalArgumentException("path name \"" + text + "\" is not valid for file discovery");
        }
        Path folder = base.resolve(slash < 0 ? "" : slash == 0 ? "/" : text.substring(0, slash));
        return star < 0
                ? new FilePattern(folder, name, "", false)
                : new FilePattern(folder, name.substring(0, star), name.substring(star + 1), true);
    }

    /** The files there are now, in the order of their names. */
    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        if (!hasStar) {
            Path file = folder.resolve(prefix);
            if (Files.exists(file)) {
                files.add(file);
            }
            return files;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.length() >= prefix.length() + suffix.length()
                        && name.startsWith(prefix)
                        && name.endsWith(suffix)) {
                    files.add(entry);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // As if it were empty: it may be made later.
            return files;
        }
        files.sort(null);
        return files;
    }
}
