package org.narthex.api.query;

import java.util.List;

/**
 * A part of an expression as it is, or was, evaluated. Costs are 0 where nothing was evaluated; those of a part include the parts below it.
 *
 * @param expression its text after planning
 * @param kind what is done: {@code selector}, {@code range}, {@code subquery}, {@code call}, {@code aggregation}, {@code binary},
 *     {@code unary}, {@code once} for a part that is the same at all steps, {@code number}, {@code text}
 * @param position byte offset in the UTF-8 form of the expression asked for
 * @param nanos time spent, added up over all cores
 * @param series how many series came out
 * @param samples how many samples they had
 * @param bytes about how much memory those take
 * @param uses how often the result was used; more than once where the expression repeats itself
 */
public record PlanNode(
        String expression,
        String kind,
        int position,
        long nanos,
        long series,
        long samples,
        long bytes,
        long uses,
        List<PlanNode> parts) {
    public PlanNode {
        parts = List.copyOf(parts);
    }
}
