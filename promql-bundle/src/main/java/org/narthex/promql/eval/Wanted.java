package org.narthex.promql.eval;

/** What of the samples an instant selector is to give. */
public enum Wanted {
    VALUES,
    /** When they were, in seconds. */
    TIMES,
    /** When they were, of series that must be floats; a histogram is an error. */
    TIMES_OF_FLOATS,
    /** Since when they have been counting, in seconds; 0 for unknown. */
    START_TIMES
}
