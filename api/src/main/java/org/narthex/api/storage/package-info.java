/** Where samples are kept: the back-end contract, batches to write, series sets to read. */
@Export
@Version("1.0.0")
package org.narthex.api.storage;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
