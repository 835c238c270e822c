package org.narthex.rest;

import java.util.Arrays;
import java.util.Optional;

import org.narthex.api.model.Labels;

/** How names beyond letters, digits and underscores are written for a client that does not take them as they are. */
enum NameEscaping {
    /** As they are. */
    ALLOW_UTF_8("allow-utf-8"),
    /** Anything else is an underscore. */
    UNDERSCORES("underscores"),
    /** A dot is {@code _dot_}, anything else two underscores, and so is an underscore. */
    DOTS("dots"),
    /** Reversible: see {@link EscapedName}. */
    VALUES("values");

    private final String word;

    NameEscaping(String word) {
        this.word = word;
    }

    /** The scheme that an {@code escaping} parameter names. */
    static Optional<NameEscaping> of(String word) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.word.equals(word))
                .findFirst();
    }

    /** As headers have it. */
    String word() {
        return word;
    }

    String escape(String name) {
        return switch (this) {
            case ALLOW_UTF_8 -> name;
            case UNDERSCORES -> Labels.isMetricName(name) ? name : mapped(name, "_", "_", "_");
            case DOTS -> mapped(name, "__", "_dot_", "__");
            case VALUES -> EscapedName.escape(name);
        };
    }

    /** A name without characters that a classic metric name has not. */
    private static String mapped(String name, String underscore, String dot, String other) {
        StringBuilder out = new StringBuilder(name.length() + 8);
        name.codePoints().forEach(c -> {
            if (c == '_') {
                out.append(underscore);
            } else if (c == '.') {
                out.append(dot);
            } else if (Labels.isOfMetricName(c, out.length() == 0)) {
                out.appendCodePoint(c);
            } else {
                out.append(other);
            }
        });
        return out.toString();
    }
}
