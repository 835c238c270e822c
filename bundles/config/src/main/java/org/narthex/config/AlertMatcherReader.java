package org.narthex.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Matcher;

/** Reads the three ways to write matchers in Alertmanager's sections: two maps that are deprecated, and a list of texts. */
final class AlertMatcherReader {
    private AlertMatcherReader() {}

    /** @param prefix before the keys {@code match}, {@code match_re} and {@code matchers} */
    static List<Matcher> read(Section section, String prefix) throws ConfigException {
        List<Matcher> matchers = new ArrayList<>();
        mapped(section, prefix + "match", Matcher.Type.EQUAL, matchers);
        mapped(section, prefix + "match_re", Matcher.Type.REGEX, matchers);
        if (section.has(prefix + "matchers")) {
            for (ConfigNode item : section.node().require(prefix + "matchers").items()) {
                try {
                    matchers.addAll(AlertMatchers.parse(item.text()));
                } catch (IllegalArgumentException e) {
                    throw item.error(e.getMessage());
                }
            }
        }
        return matchers;
    }

    private static void mapped(Section section, String key, Matcher.Type type, List<Matcher> into)
            throws ConfigException {
        for (Map.Entry<String, ConfigNode> entry :
                section.section(key).node().entries().entrySet()) {
            String name = entry.getKey();
            if (name.isEmpty()) {
                throw entry.getValue().error("invalid label name \"\"");
            }
            if (type == Matcher.Type.REGEX && Section.isBlank(entry.getValue())) {
                throw entry.getValue().error("invalid " + name + ": empty regular expression");
            }
            try {
                String value = entry.getValue().text();
                // Group keys show the anchors that Alertmanager puts around these.
                into.add(Matcher.of(type, name, type == Matcher.Type.REGEX ? "^(?:" + value + ")$" : value));
            } catch (IllegalArgumentException e) {
                throw entry.getValue().error(e.getMessage());
            }
        }
    }
}
