/**
 * What rules and the dispatcher share.
 * The rules are in {@code rules}, the Alertmanager in the box in {@code dispatch}, the template language in {@code template}.
 */
package org.narthex.alert;
