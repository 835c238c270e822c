package org.narthex.api.config;

import java.nio.file.Path;

import org.osgi.annotation.versioning.ProviderType;

/** Reads a YAML file that belongs to one part alone, the way the main configuration is read. Thread-safe. */
@ProviderType
public interface ConfigFileReader {
    /**
     * Reads a file.
     *
     * @return a scalar of empty text if the file is empty
     * @throws ConfigException the file cannot be read or is no YAML; the message names it
     */
    ConfigNode read(Path file) throws ConfigException;

    /**
     * Reads a text.
     *
     * @param name for messages
     * @throws ConfigException it is no YAML
     */
    ConfigNode parse(String name, String yaml) throws ConfigException;
}
