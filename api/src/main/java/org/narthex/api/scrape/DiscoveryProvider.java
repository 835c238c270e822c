package org.narthex.api.scrape;

import java.util.List;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Finds targets, for one kind of {@code <type>_sd_configs} section. Register as a service with the property {@link #TYPE}; may come and go at
 * run time: while it is away the last groups it published stand.
 */
@ConsumerType
public interface DiscoveryProvider {
    /** Mandatory service property (String): what stands before {@code _sd_configs}, e.g. {@code file}. */
    String TYPE = "narthex.discovery.type";

    /**
     * Checks a section without starting anything.
     *
     * @throws ConfigException naming key and line if it is not valid
     */
    void check(ConfigNode section) throws ConfigException;

    /**
     * Starts to discover in the background; returns soon. The first groups are published as early as possible.
     *
     * @param section one element of the {@code <type>_sd_configs} list, checked before
     * @param listener told of each change, by one thread at a time
     */
    Discovery start(ConfigNode section, Listener listener);

    /** A running discovery. After {@code close} returned, its listener is not called any more; closing again does nothing. */
    interface Discovery extends AutoCloseable {
        @Override
        void close();
    }

    /** Takes what was discovered. */
    @FunctionalInterface
    interface Listener {
        /** Each group replaces that of the same source; one without targets removes it. Others stay as they are. */
        void update(List<TargetGroup> changed);
    }
}
