package org.narthex.api.config;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A part that works by the configuration. Register as a service: it is given the configuration in force when it comes, and each new one after.
 * Called by one thread at a time.
 */
@ConsumerType
public interface ConfigConsumer {
    /**
     * Looks for mistakes that only this part can see, without applying anything.
     *
     * @throws ConfigException the configuration is refused
     */
    default void check(Configuration candidate) throws ConfigException {}

    /** Works by the new configuration from now on; what did not change goes on undisturbed. Returns soon. */
    void apply(Configuration configuration);
}
