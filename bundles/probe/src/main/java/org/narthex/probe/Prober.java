package org.narthex.probe;

import java.io.IOException;
import java.util.Optional;

/** Tries one kind of endpoint, as a module says. Thread-safe. */
interface Prober {
    /** Why the request makes no sense, which whoever sends it is told instead of metrics; empty if it does. */
    default Optional<String> refuses(ProbeRun run) {
        return Optional.empty();
    }

    /**
     * Probes the target of the run, and writes metrics and log of it.
     *
     * @return whether the target is as it should be
     * @throws IOException it is not, for it was not reached or did not answer in time
     */
    boolean probe(ProbeRun run) throws IOException;
}
