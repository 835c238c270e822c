/**
 * Sends alerts of rules to Alertmanagers elsewhere. {@code ExternalSending} is the service; it finds them by {@code AlertmanagerSet} and keeps one
 * {@code SendLoop} for each.
 */
package org.narthex.alert.external;
