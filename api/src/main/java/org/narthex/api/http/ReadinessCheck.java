package org.narthex.api.http;

import java.util.Optional;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says whether a part of the server can do its work. Register as a service; {@code /-/ready} answers 200 only when no check misses anything.
 * Called often, by several threads: answer from memory.
 */
@ConsumerType
@FunctionalInterface
public interface ReadinessCheck {
    /** What is still missing, as a short sentence naming the part, e.g. {@code storage: replaying the WAL, segment 3 of 9}; empty when ready. */
    Optional<String> missing();
}
