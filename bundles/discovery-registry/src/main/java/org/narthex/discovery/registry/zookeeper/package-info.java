/**
 * Discovery of targets in ZooKeeper, {@code serverset_sd_configs} and {@code nerve_sd_configs}; the client speaks the protocol itself, as far as reading a
 * tree and being told of changes goes.
 */
package org.narthex.discovery.registry.zookeeper;
