/**
 * {@code file_sd_configs}: targets listed in JSON or YAML files, which are read again as soon as they change.
 */
package org.narthex.discovery.file;
