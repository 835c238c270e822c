package org.narthex.promql.script;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One command of a script. */
sealed interface Command {
    record Clear() implements Command {}

    /** @param withCustomBuckets whether classic histograms are also loaded as native ones */
    record Load(long stepMs, List<SeriesLine> series, boolean withCustomBuckets) implements Command {}

    /** What an {@code expect} line wants of errors or annotations: any text, an exact one, or a pattern to be found. */
    record Text(Optional<String> exact, Optional<String> regex) {
        boolean fits(String text) {
            return exact.map(text::equals).orElse(true)
                    && regex.map(pattern ->
                                    Pattern.compile(pattern).matcher(text).find())
                            .orElse(true);
        }
    }

    /** Everything expected of a query. */
    record Expected(
            boolean ordered,
            Optional<Text> fail,
            List<Text> warnings,
            List<Text> infos,
            boolean noWarnings,
            boolean noInfos,
            Optional<Double> scalar,
            Optional<String> string,
            Optional<long[]> rangeVector,
            List<SeriesLine> series) {}

    /** @param stepMs 0 for an instant query */
    record Eval(int line, String expression, long startMs, long endMs, long stepMs, Expected expected)
            implements Command {}
}
