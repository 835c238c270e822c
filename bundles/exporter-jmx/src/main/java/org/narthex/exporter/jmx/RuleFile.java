package org.narthex.exporter.jmx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.DocumentReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of rules, read again when it changes. A change that is not valid leaves the rules as they are. For one thread at a time. */
final class RuleFile {
    private static final Logger LOG = LoggerFactory.getLogger(RuleFile.class);

    private final Optional<Path> file;
    private final DocumentReader documents;
    private Optional<Settings> settings = Optional.empty();
    private FileTime readAt = FileTime.fromMillis(0);
    private int reloads;
    private int failures;

    /** @param file none for the default rule */
    RuleFile(Optional<Path> file, DocumentReader documents) {
        this.file = file;
        this.documents = documents;
        if (file.isEmpty()) {
            settings = Optional.of(Settings.DEFAULT);
        }
    }

    /**
     * The rules in force: the same object as before, unless the file has changed.
     *
     * @throws IOException     the file cannot be read, and never could
     * @throws ConfigException it is not valid, and never was
     */
    Settings current() throws IOException, ConfigException {
        if (file.isPresent()) {
            try {
                FileTime written = Files.getLastModifiedTime(file.get());
                if (!written.equals(readAt)) {
                    // Even if it is not valid: it is only worth reading again when it has changed again.
                    readAt = written;
                    boolean first = settings.isEmpty();
                    settings = Optional.of(SettingsReader.read(documents.read(file.get())));
                    reloads += first ? 0 : 1;
                }
            } catch (IOException | ConfigException e) {
                if (settings.isEmpty()) {
                    readAt = FileTime.fromMillis(0);
                    throw e;
                }
                failures++;
                LOG.warn("The rules stay as they are: {}", e.getMessage());
            }
        }
        return settings.orElseThrow();
    }

    int reloads() {
        return reloads;
    }

    int failures() {
        return failures;
    }
}
