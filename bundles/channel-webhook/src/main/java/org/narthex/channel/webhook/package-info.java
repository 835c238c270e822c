/**
 * The alert channel {@code webhook}: a notification is one HTTP POST of Alertmanager's webhook JSON, version 4.
 * Kept small on purpose: copy it to make a channel of your own.
 */
package org.narthex.channel.webhook;
