package org.narthex.promql.parser;

import java.util.Optional;

/** What of the language is switched on, and which functions there are. */
public interface Language {
    /** The function of that name, if there is one. */
    Optional<Signature> function(String name);

    /** {@code promql-experimental-functions}: experimental functions and aggregations. */
    boolean experimentalFunctions();

    /** {@code promql-extended-range-selectors}: anchored and smoothed. */
    boolean extendedRangeSelectors();

    /** {@code promql-binop-fill-modifiers}: fill, fill_left, fill_right. */
    boolean fillModifiers();
}
