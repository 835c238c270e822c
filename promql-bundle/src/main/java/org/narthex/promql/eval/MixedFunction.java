package org.narthex.promql.eval;

/** What a range function makes of a window that holds histograms, and maybe floats as well. Stateless; called by several threads. */
@FunctionalInterface
public interface MixedFunction {
    /** Sets the step's result by the methods of the windows, which hold what the function of floats made of the floats alone. */
    void apply(MixedWindows windows, int step);
}
