package org.narthex.exporter.jmx;

import java.util.List;
import java.util.OptionalDouble;

import org.narthex.api.model.MetricType;

/**
 * What a rule makes of a value.
 *
 * @param labels name, value, name, value, …
 * @param value  in place of the bean's value, if the rule says so
 */
record Match(String name, MetricType type, String help, List<String> labels, OptionalDouble value, double factor) {
    /** The value to be written; empty if it is no number. */
    OptionalDouble valueOf(Object beanValue) {
        if (value.isPresent()) {
            return OptionalDouble.of(value.getAsDouble() * factor);
        }
        if (beanValue instanceof Number number) {
            return OptionalDouble.of(number.doubleValue() * factor);
        }
        return beanValue instanceof Boolean truth
                ? OptionalDouble.of((truth ? 1 : 0) * factor)
                : OptionalDouble.empty();
    }
}
