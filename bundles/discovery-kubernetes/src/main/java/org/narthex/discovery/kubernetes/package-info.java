/**
 * Discovery of targets in Kubernetes, {@code kubernetes_sd_configs}: each kind of object is listed once and watched from there on
 * ({@link org.narthex.discovery.kubernetes.Watch}), kept in a {@link org.narthex.discovery.kubernetes.Cluster}, and made groups of by the role.
 */
package org.narthex.discovery.kubernetes;
