/** The configuration: YAML files to typed records, checked and masked; loading and reloading; the process as a service. */
package org.narthex.config;
