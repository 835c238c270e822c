/** Starts Narthex as a process: command line, checks, log, the OSGi framework with the bundles around it, and the end. */
package org.narthex.launch;
