package org.narthex.alert.template;

import java.util.Set;

/** Words of the language that name no function. */
final class Keywords {
    private static final Set<String> ALL =
            Set.of("block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with");

    private Keywords() {}

    static boolean isKeyword(String word) {
        return ALL.contains(word);
    }
}
