package org.narthex.api.alert;

import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/** The Alertmanagers that alerts are sent to, for those who show them. Thread-safe; each call returns a snapshot. */
@ProviderType
public interface ExternalAlertmanagers {
    /** Where alerts are posted to, in a stable order. */
    List<String> active();

    /** Where those would be reached that relabelling dropped, in a stable order. */
    List<String> dropped();
}
