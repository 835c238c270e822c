package org.narthex.exporter.jmx;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.narthex.api.model.MetricType;

/**
 * One rule; where a text is empty, the default takes its place.
 *
 * @param pattern   what it is for; everything if empty
 * @param name      of the metric, with {@code $1} and the like for groups of the pattern; made from the bean's name if empty
 * @param value     in place of the bean's value, with groups too
 * @param factor    what the value is multiplied by
 * @param labels    name and value, with groups
 * @param snakeCase whether the attribute is given to the pattern, and to a name made from the bean's, as {@code snake_case}
 * @param cached    whether what the pattern yields is remembered; then it does not see values
 */
record Rule(
        Optional<Pattern> pattern,
        String name,
        String value,
        double factor,
        Map<String, String> labels,
        String help,
        MetricType type,
        boolean snakeCase,
        boolean cached) {
    /** The rule of a file without rules. */
    static final Rule DEFAULT = new Rule(Optional.empty(), "", "", 1, Map.of(), "", MetricType.UNKNOWN, false, false);
}
