/** Discovery of targets by the APIs of clouds; no SDKs, since a few requests are all that is needed. */
package org.narthex.discovery.cloud;
