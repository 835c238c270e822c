/** A function pack that finds anomalies. Formulas and sources are in {@code docs/anomaly-functions.md}. */
package org.narthex.functions.anomaly;
