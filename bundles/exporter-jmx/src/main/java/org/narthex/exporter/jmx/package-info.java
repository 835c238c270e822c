/** MBeans of this process as metrics, by rules as jmx_exporter has them: what is read, what each value is called, and in which file that is said. */
package org.narthex.exporter.jmx;
