/** What goes out: channels, notifications, and the state of rules and alerts. */
@Export
@Version("1.0.0")
package org.narthex.api.alert;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
