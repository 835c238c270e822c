/** The query engine as a service: limits, queueing, self-metrics and function packs around parser and evaluator. */
package org.narthex.promql;
