/** Evaluates planned expressions series by series: each series is a row with one value per evaluation time. */
package org.narthex.promql.eval;
