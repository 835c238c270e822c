package org.narthex.promql.eval;

/**
 * How to evaluate.
 *
 * @param lookbackMs how far back an instant selector looks
 * @param delayedNameRemoval whether metric names are dropped only at the end
 * @param subqueryStepMs the step of subqueries that name none
 * @param startTimestamps whether counters are taken to have been zero at the start timestamps of their samples
 */
public record Settings(long lookbackMs, boolean delayedNameRemoval, long subqueryStepMs, boolean startTimestamps) {}
