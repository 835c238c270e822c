package org.narthex.exporter.jmx;

import java.util.Locale;

/** Makes names of metrics and labels from what MBeans are called. */
final class Names {
    private Names() {}

    /** What a name may not hold becomes an underscore, and several of them in a row become one. */
    static String safe(String name) {
        StringBuilder out = new StringBuilder(name.length() + 1);
        if (!name.isEmpty() && isDigit(name.charAt(0))) {
            out.append('_');
        }
        boolean underscore = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ':' || isDigit(c);
            if (plain) {
                out.append(c);
            } else if (!underscore) {
                out.append('_');
            }
            underscore = !plain;
        }
        return out.toString();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** {@code HeapMemoryUsage} is {@code heap_memory_usage}, {@code GCTime} is {@code gctime}. */
    static String snakeCase(String name) {
        StringBuilder out = new StringBuilder(name.length() + 8);
        boolean wordGoesOn = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean capital = Character.isUpperCase(c);
            if (capital && wordGoesOn) {
                out.append('_');
            }
            out.append(Character.toLowerCase(c));
            wordGoesOn = !capital && c != '_';
        }
        return out.toString();
    }

    static String lower(String name, boolean wanted) {
        return wanted ? name.toLowerCase(Locale.ROOT) : name;
    }
}
