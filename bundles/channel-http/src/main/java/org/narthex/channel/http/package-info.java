/**
 * Alert channels of services that are told by HTTP. Each is a small class that writes the service's own message; {@code HttpChannel} and
 * {@code Settings} hold what they share.
 */
package org.narthex.channel.http;
