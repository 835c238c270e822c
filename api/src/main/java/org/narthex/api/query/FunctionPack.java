package org.narthex.api.query;

import java.util.Map;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Adds functions to PromQL. Register as a service; its functions can be used as long as it is there. A name that PromQL or an earlier pack
 * has is refused with a log message, the others of the pack are taken. Called by several threads at once.
 */
@ConsumerType
public interface FunctionPack {
    /** The functions by name ({@code [a-z_][a-z0-9_]*}); asked for once. */
    Map<String, Function> functions();

    /** One function: of an instant vector, or of a range vector. */
    sealed interface Function permits OverSample, OverWindow {}

    /** {@code name(vector, number…)}: from each sample a value. */
    @FunctionalInterface
    non-sealed interface OverSample extends Function {
        /**
         * @param parameters the numbers given after the vector
         * @return the new value; {@link org.narthex.api.model.StaleNaN#VALUE} for none
         */
        double value(double sample, double[] parameters);
    }

    /** {@code name(vector[range], number…)}: from each window of samples a value. */
    @FunctionalInterface
    non-sealed interface OverWindow extends Function {
        /**
         * @param window at least one sample, no staleness markers; valid during the call only
         * @param parameters the numbers given after the range vector
         * @return the value; {@link org.narthex.api.model.StaleNaN#VALUE} for none
         */
        double value(Window window, double[] parameters);
    }

    /** The samples of a series in {@code (startMs, endMs]}, indices 0 to {@code size() - 1} in ascending time. */
    interface Window {
        int size();

        /** Milliseconds since the epoch. */
        long timestampMs(int i);

        double value(int i);

        /** The left end, exclusive, in milliseconds since the epoch. */
        long startMs();

        /** The right end, inclusive: the evaluation time, unless an offset moved it. */
        long endMs();
    }
}
