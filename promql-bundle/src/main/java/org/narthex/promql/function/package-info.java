/** The functions of PromQL, one class per family, and the table that maps names to them. */
package org.narthex.promql.function;
