package org.narthex.api.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A regular expression taken apart into alternatives, each a sequence of texts and gaps, as far as that can be done: most expressions people write
 * as matchers are such, and are matched and looked up without the general machinery. What cannot be taken apart becomes an opaque gap, of which only
 * the text around it is known. Immutable, thread-safe.
 */
final class Globs {
    private final boolean foldsCase;
    private final List<List<Part>> alternatives;
    private final boolean isExact;
    /** All alternatives, if they are just texts; else null. */
    private final Set<String> texts;

    /** A text, or a gap. */
    record Part(Kind kind, String text) {
        static final Part ANY = new Part(Kind.ANY, "");
        static final Part SOME = new Part(Kind.SOME, "");
        static final Part OPAQUE = new Part(Kind.OPAQUE, "");

        static Part text(String text) {
            return new Part(Kind.TEXT, text);
        }

        boolean isGap() {
            return kind != Kind.TEXT;
        }
    }

    enum Kind {
        TEXT,
        /** {@code .*} */
        ANY,
        /** {@code .+} */
        SOME,
        /** What is not understood; it may be empty. */
        OPAQUE
    }

    /** @param alternatives in each, texts and gaps take turns */
    Globs(List<List<Part>> alternatives, boolean foldsCase) {
        this.alternatives = alternatives;
        this.foldsCase = foldsCase;
        boolean exact = true;
        boolean plain = !foldsCase;
        Set<String> all = new HashSet<>();
        for (List<Part> alternative : alternatives) {
            exact &= isUnderstood(alternative, foldsCase);
            plain &= alternative.stream().noneMatch(Part::isGap);
            all.add(join(alternative));
        }
        isExact = exact;
        texts = exact && plain ? all : null;
    }

    private static boolean isUnderstood(List<Part> alternative, boolean foldsCase) {
        for (Part part : alternative) {
            if (part.kind == Kind.OPAQUE || (foldsCase && part.text.chars().anyMatch(c -> c >= 0x80))) {
                return false;
            }
        }
        return true;
    }

    private static String join(List<Part> parts) {
        StringBuilder all = new StringBuilder();
        parts.forEach(part -> all.append(part.text));
        return all.toString();
    }

    /** Whether {@link #matches} decides; else only {@link #mayMatch} can be asked. */
    boolean isExact() {
        return isExact;
    }

    /** The texts that alone match, in the order of the expression; empty if not only fixed texts match. */
    List<String> literals() {
        if (texts == null) {
            return List.of();
        }
        List<String> literals = new ArrayList<>();
        alternatives.forEach(alternative -> literals.add(join(alternative)));
        return List.copyOf(literals);
    }

    /** What each matching text starts with one of; ascending, none starts with another; a single empty one if nothing is known. */
    List<String> prefixes() {
        if (foldsCase) {
            return List.of("");
        }
        List<String> all = new ArrayList<>();
        for (List<Part> alternative : alternatives) {
            all.add(alternative.isEmpty() ? "" : alternative.get(0).text);
        }
        all.sort(Labels.UTF8_ORDER);
        List<String> shortest = new ArrayList<>();
        for (String prefix : all) {
            if (shortest.isEmpty() || !prefix.startsWith(shortest.get(shortest.size() - 1))) {
                shortest.add(prefix);
            }
        }
        return Collections.unmodifiableList(shortest);
    }

    /** Whether just what starts with one text matches. */
    boolean isPrefix() {
        return isExact
                && !foldsCase
                && alternatives.size() == 1
                && alternatives.get(0).size() == 2
                && !alternatives.get(0).get(0).isGap()
                && alternatives.get(0).get(1).kind == Kind.ANY;
    }

    boolean isAnything() {
        for (List<Part> alternative : alternatives) {
            if (alternative.size() == 1 && alternative.get(0).kind == Kind.ANY) {
                return true;
            }
        }
        return false;
    }

    /** Whether the whole text matches; only if {@link #isExact}. */
    boolean matches(String text) {
        if (texts != null) {
            return texts.contains(text);
        }
        for (List<Part> alternative : alternatives) {
            if (matches(alternative, text)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the text starts and ends as one of the alternatives does, so that it is worth to ask further. */
    boolean mayMatch(String text) {
        if (foldsCase) {
            return true;
        }
        for (List<Part> alternative : alternatives) {
            if (alternative.isEmpty()) {
                if (text.isEmpty()) {
                    return true;
                }
                continue;
            }
            // Of a gap the text is empty.
            if (text.startsWith(alternative.get(0).text)
                    && text.endsWith(alternative.get(alternative.size() - 1).text)) {
                return true;
            }
        }
        return false;
    }

    /** Texts between gaps are taken as far to the left as they are found: if there is a match at all, there is one so. The last one ends the text. */
    private boolean matches(List<Part> parts, String text) {
        int at = 0;
        boolean gap = false;
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i).text;
            if (parts.get(i).isGap()) {
                if (parts.get(i).kind == Kind.SOME) {
                    if (at == text.length()) {
                        return false;
                    }
                    at = text.offsetByCodePoints(at, 1);
                }
                gap = true;
            } else if (!gap) {
                if (!isAt(text, at, part)) {
                    return false;
                }
                at += part.length();
            } else if (i == parts.size() - 1) {
                int start = text.length() - part.length();
                return start >= at && isAt(text, start, part);
            } else {
                at = indexOf(text, part, at);
                if (at < 0) {
                    return false;
                }
                at += part.length();
                gap = false;
            }
        }
        return gap || at == text.length();
    }

    private int indexOf(String text, String part, int from) {
        if (!foldsCase) {
            return text.indexOf(part, from);
        }
        for (int i = from; i <= text.length() - part.length(); i++) {
            if (isAt(text, i, part)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isAt(String text, int at, String part) {
        if (!foldsCase) {
            return text.startsWith(part, at);
        }
        if (text.length() - at < part.length()) {
            return false;
        }
        for (int i = 0; i < part.length(); i++) {
            if (fold(text.charAt(at + i)) != fold(part.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Simple case folding into ASCII, as RE2 does: besides the letters themselves, the long s and the Kelvin sign have a lower case there. */
    private static char fold(char c) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c + 32);
        }
        return c == '\u017f' ? 's' : c == '\u212a' ? 'k' : c;
    }
}
