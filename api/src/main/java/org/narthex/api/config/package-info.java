/** The configuration in force: typed records, its source, flags, and nodes for plug-ins' own sections. */
@Export
@Version("1.0.0")
package org.narthex.api.config;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
