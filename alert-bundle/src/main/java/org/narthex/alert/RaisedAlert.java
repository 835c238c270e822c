package org.narthex.alert;

import org.narthex.api.alert.Alert;

/**
 * An alert on its way from rules to the dispatcher.
 *
 * @param validUntilMs a firing alert counts as resolved from then on unless it is raised again, in milliseconds since the epoch
 */
public record RaisedAlert(Alert alert, long validUntilMs) {}
