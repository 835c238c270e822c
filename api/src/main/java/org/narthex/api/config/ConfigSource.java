package org.narthex.api.config;

import org.osgi.annotation.versioning.ProviderType;

/** Holds the configuration in force. Being there as a service means that one is. Thread-safe. */
@ProviderType
public interface ConfigSource {
    /** The configuration in force. */
    Configuration current();

    /**
     * Reads the files again. Every {@link ConfigConsumer} checks the new configuration before any applies it, so that it is taken whole or not at
     * all; when this returns it is in force.
     *
     * @throws ConfigException the new one is not valid; the old one stays in force
     */
    void reload() throws ConfigException;

    /** Whether the last load or reload worked. */
    boolean lastReloadSuccessful();
}
