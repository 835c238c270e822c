package org.narthex.api.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.narthex.api.model.Globs.Kind;
import org.narthex.api.model.Globs.Part;

/**
 * Takes a valid regular expression apart into {@link Globs}. It understands texts, escaped punctuation, alternatives, groups, small character
 * classes, {@code ?} and dots with {@code *} or {@code +}; other parts become opaque, and where even their extent is unclear, it gives up. Each
 * method gives the alternatives of one part of the expression.
 */
final class GlobParser {
    /** More alternatives than this are not worth it: they grow as the product of the groups. */
    private static final int MAX_ALTERNATIVES = 512;

    private static final int MAX_DEPTH = 50;
    private static final int MAX_CLASS = 16;
    private static final String FOLD = "(?i)";

    private final String source;
    private int at;

    private static final class NotUnderstood extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotUnderstood() {
            super(null, null, false, false);
        }
    }

    private GlobParser(String source) {
        this.source = source;
    }

    /** Empty where nothing is understood. */
    static Optional<Globs> parse(String expression) {
        boolean foldsCase = expression.startsWith(FOLD);
        GlobParser parser = new GlobParser(foldsCase ? expression.substring(FOLD.length()) : expression);
        try {
            List<List<Part>> all = parser.alternatives(0);
            if (parser.at < parser.source.length()) {
                return Optional.empty();
            }
            return Optional.of(new Globs(all, foldsCase));
        } catch (NotUnderstood e) {
            return Optional.empty();
        }
    }

    private boolean has() {
        return at < source.length();
    }

    private boolean take(char c) {
        if (has() && source.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private List<List<Part>> alternatives(int depth) {
        if (depth > MAX_DEPTH) {
            throw new NotUnderstood();
        }
        List<List<Part>> all = new ArrayList<>();
        do {
            all.addAll(sequence(depth));
            limit(all.size());
        } while (take('|'));
        return all;
    }

    private static void limit(int count) {
        if (count > MAX_ALTERNATIVES) {
            throw new NotUnderstood();
        }
    }

    private List<List<Part>> sequence(int depth) {
        List<List<Part>> all = List.of(List.of());
        if (depth == 0) {
            // All is anchored anyway.
            take('^');
        }
        while (has() && source.charAt(at) != '|' && source.charAt(at) != ')') {
            if (depth == 0 && source.charAt(at) == '$' && (at + 1 == source.length() || source.charAt(at + 1) == '|')) {
                at++;
                break;
            }
            all = product(all, quantified(part(depth)));
        }
        return all;
    }

    private static List<List<Part>> product(List<List<Part>> heads, List<List<Part>> tails) {
        limit(heads.size() * tails.size());
        List<List<Part>> all = new ArrayList<>();
        for (List<Part> head : heads) {
            for (List<Part> tail : tails) {
                List<Part> joined = new ArrayList<>(head);
                tail.forEach(part -> append(joined, part));
                all.add(joined);
            }
        }
        return all;
    }

    /** Texts that meet become one, and so do gaps. */
    private static void append(List<Part> parts, Part part) {
        Part last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
        if (last == null || last.isGap() != part.isGap()) {
            parts.add(part);
        } else {
            parts.set(parts.size() - 1, part.isGap() ? joined(last, part) : Part.text(last.text() + part.text()));
        }
    }

    private static Part joined(Part a, Part b) {
        if (a.kind() == Kind.ANY) {
            return b;
        }
        // Otherwise these are two characters at least, or something unknown.
        return b.kind() == Kind.ANY ? a : Part.OPAQUE;
    }

    private List<List<Part>> part(int depth) {
        char c = source.charAt(at++);
        return switch (c) {
            case '(' -> group(depth);
            case '[' -> characterClass();
            case '\\' -> escape();
            case '.' -> dot();
            case '{', '}', '*', '+', '?', '^', '$' -> throw new NotUnderstood();
            default -> text(c);
        };
    }

    private List<List<Part>> text(char c) {
        if (!Character.isSurrogate(c)) {
            return one(Part.text(Character.toString(c)));
        }
        // A quantifier takes both halves.
        if (!Character.isHighSurrogate(c) || !has() || !Character.isLowSurrogate(source.charAt(at))) {
            throw new NotUnderstood();
        }
        return one(Part.text(new String(new char[] {c, source.charAt(at++)})));
    }

    private static List<List<Part>> one(Part part) {
        return List.of(List.of(part));
    }

    private List<List<Part>> group(int depth) {
        if (take('?') && !take(':')) {
            throw new NotUnderstood();
        }
        List<List<Part>> all = alternatives(depth + 1);
        if (!take(')')) {
            throw new NotUnderstood();
        }
        return all;
    }

    private List<List<Part>> dot() {
        // Lazy or not makes no difference where the whole text must match.
        if (take('*')) {
            take('?');
            return one(Part.ANY);
        }
        if (take('+')) {
            take('?');
            return one(Part.SOME);
        }
        return one(Part.OPAQUE);
    }

    private List<List<Part>> escape() {
        char c = has() ? source.charAt(at++) : 0;
        if ("dDwWsSbB".indexOf(c) >= 0) {
            return one(Part.OPAQUE);
        }
        boolean isPunctuation = c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
        if (!isPunctuation) {
            throw new NotUnderstood();
        }
        return one(Part.text(Character.toString(c)));
    }

    private List<List<Part>> characterClass() {
        int start = at;
        List<List<Part>> all = new ArrayList<>();
        while (has() && source.charAt(at) != ']') {
            char from = source.charAt(at++);
            char to = from;
            if (take('-')) {
                to = has() ? source.charAt(at++) : 0;
            }
            if (!isPlain(from) || !isPlain(to) || to - from + all.size() >= MAX_CLASS) {
                at = start;
                return skippedClass();
            }
            for (char c = from; c <= to; c++) {
                all.add(List.of(Part.text(Character.toString(c))));
            }
        }
        if (!take(']') || all.isEmpty()) {
            at = start;
            return skippedClass();
        }
        return all;
    }

    private List<List<Part>> skippedClass() {
        take('^');
        // The first bracket stands for itself.
        take(']');
        while (has() && !take(']')) {
            if (source.startsWith("[:", at)) {
                at = source.indexOf(":]", at) + 2;
                if (at < 2) {
                    throw new NotUnderstood();
                }
            } else {
                at += source.charAt(at) == '\\' ? 2 : 1;
            }
        }
        if (source.charAt(Math.min(at, source.length()) - 1) != ']') {
            throw new NotUnderstood();
        }
        return one(Part.OPAQUE);
    }

    private static boolean isPlain(char c) {
        return c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
    }

    private List<List<Part>> quantified(List<List<Part>> part) {
        if (take('?')) {
            take('?');
            List<List<Part>> all = new ArrayList<>(part);
            all.add(List.of());
            return all;
        }
        if (take('*') || take('+')) {
            take('?');
            return one(Part.OPAQUE);
        }
        if (has() && source.charAt(at) == '{') {
            throw new NotUnderstood();
        }
        return part;
    }
}
