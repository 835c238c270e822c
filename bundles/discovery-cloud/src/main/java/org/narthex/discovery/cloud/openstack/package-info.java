/** Discovery of machines of OpenStack, {@code openstack_sd_configs}. */
package org.narthex.discovery.cloud.openstack;
