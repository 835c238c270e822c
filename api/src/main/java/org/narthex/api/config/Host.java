package org.narthex.api.config;

import org.osgi.annotation.versioning.ProviderType;

/** The process Narthex runs in. Thread-safe. */
@ProviderType
public interface Host {
    /** When the process was started, in milliseconds since the epoch. */
    long startedAtMs();

    /**
     * Ends the process because it cannot work, with one line on standard error and exit code 1. Inside a foreign OSGi host, where the process is not
     * ours to end, the line goes to the log as an error.
     */
    void fail(String reason);

    /** Ends the process in order, as SIGTERM does. */
    void quit();
}
