package org.narthex.probe;

import java.io.IOException;

/** Tries one kind of endpoint, as a module says. Thread-safe. */
interface Prober {
    /**
     * Probes the target of the run, and writes metrics and log of it.
     *
     * @return whether the target is as it should be
     * @throws IOException it is not, for it was not reached or did not answer in time
     */
    boolean probe(ProbeRun run) throws IOException;
}
