/**
 * For those who write a {@link org.narthex.api.scrape.DiscoveryProvider} that asks some API: {@link org.narthex.api.discovery.RefreshingProvider} has the
 * loop, the other classes what one needs to read answers and make labels of them.
 */
@Export
@Version("1.0.0")
package org.narthex.api.discovery;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
