/** Traces: what was done for whom, and how long each part of it took. */
@Export
@Version("1.0.0")
package org.narthex.api.trace;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
