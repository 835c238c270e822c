package org.narthex.config;

import java.util.List;
import java.util.Optional;

/**
 * Types of plug-in sections, {@code <type>_sd_configs} and {@code <type>_configs}. A type that is not one of the known ones may still be that of a
 * plug-in, now or later, unless it looks like a known one misspelt.
 */
final class PluginTypes {
    private final String suffix;
    private final List<String> known;

    PluginTypes(String suffix, List<String> known) {
        this.suffix = suffix;
        this.known = known;
    }

    /** The type of the section under the key; empty if the key is not that of a plug-in's section. */
    Optional<String> of(String key) {
        if (!key.endsWith(suffix) || key.length() == suffix.length()) {
            return Optional.empty();
        }
        String type = key.substring(0, key.length() - suffix.length());
        return known.contains(type) || !looksMisspelt(type) ? Optional.of(type) : Optional.empty();
    }

    boolean isKnown(String type) {
        return known.contains(type);
    }

    /** The keys of the known types. */
    List<String> keys() {
        return known.stream().map(type -> type + suffix).toList();
    }

    private boolean looksMisspelt(String type) {
        return known.stream().anyMatch(candidate -> oneEditApart(type, candidate));
    }

    /** Whether one letter added, left out, changed or, side by side, swapped makes one word the other; short words are too close by nature. */
    static boolean oneEditApart(String a, String b) {
        if (Math.min(a.length(), b.length()) < 4 || Math.abs(a.length() - b.length()) > 1) {
            return false;
        }
        int start = 0;
        while (start < Math.min(a.length(), b.length()) && a.charAt(start) == b.charAt(start)) {
            start++;
        }
        int endA = a.length();
        int endB = b.length();
        while (endA > start && endB > start && a.charAt(endA - 1) == b.charAt(endB - 1)) {
            endA--;
            endB--;
        }
        boolean swapped = endA - start == 2
                && endB - start == 2
                && a.charAt(start) == b.charAt(start + 1)
                && a.charAt(start + 1) == b.charAt(start);
        return swapped || (endA - start <= 1 && endB - start <= 1);
    }
}
