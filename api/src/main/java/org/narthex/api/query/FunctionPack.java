package org.narthex.api.query;

import java.util.List;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Adds functions to PromQL. Register as a service; its functions can be used as long as it is there. A name that PromQL or an earlier pack
 * has is refused with a log message, the others of the pack are taken; it is taken as soon as the earlier pack is gone. Called by several threads
 * at once. An {@link IllegalArgumentException} fails the query with its message: that is how a function refuses parameters.
 */
@ConsumerType
public interface FunctionPack {
    /** The functions by name ({@code [a-z_][a-z0-9_]*}); asked for once. */
    Map<String, Function> functions();

    /** One function: of an instant vector or of a range vector. Staleness markers are never seen, histograms are left out. */
    sealed interface Function permits OverSample, OverWindow, OverVector, Declared {}

    /** {@code name(vector, number…)}: from each sample a value; the metric name is dropped. */
    @FunctionalInterface
    non-sealed interface OverSample extends Function {
        /**
         * @param parameters the numbers given after the vector
         * @return the new value; {@link org.narthex.api.model.StaleNaN#VALUE} for none
         */
        double value(double sample, double[] parameters);
    }

    /** {@code name(vector[range], number…)}: from each window of samples a value; the metric name is dropped. */
    @FunctionalInterface
    non-sealed interface OverWindow extends Function {
        /**
         * @param window at least one sample; valid during the call only
         * @param parameters the numbers given after the range vector
         * @return the value; {@link org.narthex.api.model.StaleNaN#VALUE} for none
         */
        double value(Window window, double[] parameters);
    }

    /**
     * {@code name(vector, number…, "text"…)}: from all elements at one time a value for each, or for some; all labels stay. Takes no numbers unless
     * {@link Declared}, and texts as many as are given.
     */
    @FunctionalInterface
    non-sealed interface OverVector extends Function {
        /**
         * @param elements at least one; valid during the call only
         * @param parameters the numbers given after the vector
         * @param texts the strings given after the numbers, e.g. names of labels
         * @param out one place for each element, filled with {@link org.narthex.api.model.StaleNaN#VALUE}, which stands for none
         */
        void values(Elements elements, double[] parameters, List<String> texts, double[] out);
    }

    /**
     * A function and how many numbers it takes, so that a wrong count is refused before anything is evaluated. Without this any count will do.
     *
     * @param most equal to {@code least} for a function over vectors
     * @param function not declared itself
     */
    record Declared(int least, int most, Function function) implements Function {
        public Declared {
            if (least < 0 || most < least) {
                throw new IllegalArgumentException("no such count of numbers: " + least + " to " + most);
            }
            if (function instanceof Declared || (function instanceof OverVector && least != most)) {
                throw new IllegalArgumentException("cannot be declared so: " + function);
            }
        }
    }

    /** The elements of an instant vector that have a float at the evaluation time, in the order of the vector. */
    interface Elements {
        int size();

        Labels labels(int i);

        double value(int i);

        /** The evaluation time, in milliseconds since the epoch. */
        long timeMs();
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
