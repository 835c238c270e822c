package org.narthex.config;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/** Collects what the user should know although it is no error. */
final class Diagnostics {
    private final List<String> lines = new ArrayList<>();

    void add(ConfigNode where, String message) {
        lines.add(where.file() + ":" + where.line() + ": " + message);
    }

    /** Notes those of the keys that are given a value: they are known, yet this version does not act on them. */
    void notInForce(Section section, String... keys) throws ConfigException {
        for (String key : keys) {
            if (section.has(key)) {
                notInForce(section, key);
            }
        }
    }

    /** The same for switches, which matter only when on, and limits, which matter only above 0. */
    void notInForceWhenOn(Section section, String... keys) throws ConfigException {
        for (String key : keys) {
            if (section.has(key)
                    && switch (section.text(key, "")) {
                        case "0", "false", "no", "off" -> false;
                        default -> true;
                    }) {
                notInForce(section, key);
            }
        }
    }

    private void notInForce(Section section, String key) throws ConfigException {
        String path = section.node().path();
        add(
                section.node().require(key),
                (path.isEmpty() ? key : path + "." + key) + " is accepted but not in force in this version");
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
