/** Metrics of this process and its JVM. One component per subject; each is an {@code Exporter} service under the name {@code narthex}. */
package org.narthex.exporter.jvm;
