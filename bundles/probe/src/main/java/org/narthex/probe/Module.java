package org.narthex.probe;

/**
 * A module of the file.
 *
 * @param timeoutMs 0 if the module does not bound a probe
 * @param text the section, secrets masked, for those who look at what is wrong
 */
record Module(String name, Prober prober, long timeoutMs, String text) {}
