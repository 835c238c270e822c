/** Discovery of targets in service registries. */
package org.narthex.discovery.registry;
