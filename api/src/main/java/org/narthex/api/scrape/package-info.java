/** Where samples come from: in-process exporters, discovery of targets, the state of targets. */
@Export
@Version("1.0.0")
package org.narthex.api.scrape;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
