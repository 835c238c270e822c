package org.narthex.api.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.narthex.api.model.PromDuration;

/**
 * The values of the command line flags. A component makes one from its bundle context: {@code new Flags(context::getProperty)}; outside Narthex'
 * launcher all have their defaults unless the host sets {@link Flag#property()}. Immutable.
 */
public final class Flags {
    private final UnaryOperator<String> properties;

    /** @param properties gives the value of a framework property, or null */
    public Flags(UnaryOperator<String> properties) {
        this.properties = properties;
    }

    public String text(Flag flag) {
        String value = properties.apply(flag.property());
        return value == null ? flag.defaultValue() : value;
    }

    /** Whether a value was given, be it the default one. */
    public boolean isGiven(Flag flag) {
        return properties.apply(flag.property()) != null;
    }

    public boolean isOn(Flag flag) {
        return Boolean.parseBoolean(text(flag));
    }

    public long integer(Flag flag) {
        return Long.parseLong(text(flag));
    }

    /** A number of bytes. */
    public long bytes(Flag flag) {
        String value = text(flag);
        int digits = 0;
        while (digits < value.length() && Character.isDigit(value.charAt(digits))) {
            digits++;
        }
        int unit = digits == value.length() ? 0 : Math.max(0, "BKMGT".indexOf(value.charAt(digits)));
        return Long.parseLong(value.substring(0, digits)) << (10 * unit);
    }

    public long durationMs(Flag flag) {
        return PromDuration.parse(text(flag));
    }

    /** The values of a flag that may be given several times. */
    public List<String> list(Flag flag) {
        String value = text(flag);
        return value.isEmpty() ? List.of() : List.of(value.split(","));
    }

    /** All flags by name, with their values. */
    public Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        for (Flag flag : Flag.values()) {
            all.put(flag.flagName(), text(flag));
        }
        return all;
    }
}
