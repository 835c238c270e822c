/** PromQL as a service: requests, typed results, errors, and packs that add functions. */
@Export
@Version("1.0.0")
package org.narthex.api.query;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
