/** Calling out by HTTP, and telling whether the server is ready. */
@Export
@Version("1.1.0")
package org.narthex.api.http;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
