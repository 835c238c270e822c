/** Discovery of targets by the API of the Docker daemon, {@code docker_sd_configs} and {@code dockerswarm_sd_configs}. */
package org.narthex.discovery.docker;
