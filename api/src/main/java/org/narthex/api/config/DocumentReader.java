package org.narthex.api.config;

import java.io.IOException;
import java.nio.file.Path;

import org.osgi.annotation.versioning.ProviderType;

/** Reads files of YAML for parts that have files of their own, as prometheus.yml is read. Thread-safe. */
@ProviderType
public interface DocumentReader {
    /**
     * The first document of a file; a scalar of empty text if the file is empty.
     *
     * @throws IOException     the file cannot be read
     * @throws ConfigException it is no YAML; the message names file and line
     */
    ConfigNode read(Path file) throws IOException, ConfigException;
}
