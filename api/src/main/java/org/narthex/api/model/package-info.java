/** Labels, samples, matchers and the other values every bundle speaks in. */
@Export
@Version("1.0.0")
package org.narthex.api.model;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
