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
 * @param attributesOnly the only attributes that are read, by bean; all if empty
 * @param attributesLeft attributes of beans that are not read
 * @param autoExclude    whether an attribute whose value is nothing that can be shown is not read again
 * @param infersCounters whether a metric whose rule has no type is a counter if its name ends in {@code _total}
 */
record Settings(
        long startDelayMs,
        boolean lowercaseNames,
        boolean lowercaseLabels,
        List<ObjectName> included,
        List<ObjectName> excluded,
        Map<ObjectName, Set<String>> attributesOnly,
        Map<ObjectName, Set<String>> attributesLeft,
        boolean autoExclude,
        boolean infersCounters,
        List<Rule> rules) {
    /** Those of an exporter without a file. */
    static final Settings DEFAULT =
            new Settings(0, false, false, List.of(), List.of(), Map.of(), Map.of(), true, false, List.of(Rule.DEFAULT));
}
