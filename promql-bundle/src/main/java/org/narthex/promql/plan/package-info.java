/** Passes over a parsed expression before it is evaluated. */
package org.narthex.promql.plan;
