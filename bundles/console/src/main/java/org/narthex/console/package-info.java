/** Serves the web console, which is built from the sources under {@code web/} and speaks to nothing but the HTTP API. */
package org.narthex.console;
