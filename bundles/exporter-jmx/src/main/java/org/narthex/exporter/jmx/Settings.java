package org.narthex.exporter.jmx;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.ObjectName;

/**
 * What a file of rules says.
 *
 * @param included       beans that are read, as patterns; all if empty
 * @param excluded       beans that are not
 * @param attributesLeft attributes of beans that are not read
 * @param autoExclude    whether an attribute whose value is nothing that can be shown is not read again
 */
record Settings(
        long startDelayMs,
        boolean lowercaseNames,
        boolean lowercaseLabels,
        List<ObjectName> included,
        List<ObjectName> excluded,
        Map<ObjectName, Set<String>> attributesLeft,
        boolean autoExclude,
        List<Rule> rules) {
    /** Those of an exporter without a file. */
    static final Settings DEFAULT =
            new Settings(0, false, false, List.of(), List.of(), Map.of(), true, List.of(Rule.DEFAULT));
}
