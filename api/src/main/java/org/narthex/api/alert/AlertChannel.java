package org.narthex.api.alert;

import java.io.IOException;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries notifications to people, for one kind of {@code <type>_configs} section of a receiver. Register as a service with the
 * property {@link #TYPE}; may come and go at run time: while it is away its notifications wait and are delivered when it is back. Called by
 * several threads at once.
 */
@ConsumerType
public interface AlertChannel {
    /** Mandatory service property (String): what stands before {@code _configs}, e.g. {@code webhook}. */
    String TYPE = "narthex.channel.type";

    /**
     * Checks a section; by default all is well.
     *
     * @throws ConfigException naming key and line if it is not valid
     */
    default void check(ConfigNode section) throws ConfigException {}

    /**
     * Delivers one notification; returns when the far side has it. May take as long as its own timeout allows, at most a minute.
     *
     * @param section one element of the receiver's {@code <type>_configs} list, checked before; its templates are executed
     * @throws IOException the far side was not reached or is busy; the dispatcher tries again
     * @throws RejectedException the far side refused for good; not tried again
     */
    void send(Notification notification, ConfigNode section) throws IOException, RejectedException;

    /**
     * The same for channels that go back to what they sent before, as one that changes its message; by default there is nothing to go back to.
     *
     * @param memo what the last delivery to this section about this group returned, also before a restart; empty if there is none
     * @return what the next one is to be given; empty for nothing
     */
    default String send(Notification notification, ConfigNode section, String memo)
            throws IOException, RejectedException {
        send(notification, section);
        return "";
    }
}
