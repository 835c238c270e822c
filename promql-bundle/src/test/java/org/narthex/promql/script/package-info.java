/** Reads and runs scripts in the promqltest language. */
package org.narthex.promql.script;
