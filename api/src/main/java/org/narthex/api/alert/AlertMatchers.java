package org.narthex.api.alert;

import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.Regex;

/**
 * Matchers as Alertmanager writes them: {@code {name op value, ...}}, the braces optional. Names and values may be any text in double quotes. As in
 * Alertmanager two grammars are tried: first the newer one, in which bare words end at reserved characters; then the classic one, whose bare values
 * may hold almost anything and whose names are classic label names. Where both give an answer but not the same, the classic one counts, so that
 * old files keep their meaning.
 */
public final class AlertMatchers {
    private AlertMatchers() {}

    /** @throws IllegalArgumentException saying what is wrong with the text */
    public static List<Matcher> parse(String input) {
        List<Matcher> newer = List.of();
        boolean isNewer = true;
        try {
            newer = MatcherParser.parse(input);
        } catch (IllegalArgumentException e) {
            isNewer = false;
        }
        try {
            return ClassicMatchers.parse(input);
        } catch (IllegalArgumentException e) {
            if (isNewer) {
                return newer;
            }
            throw e;
        }
    }

    /**
     * Reads exactly one.
     *
     * @throws IllegalArgumentException saying what is wrong with the text
     */
    public static Matcher parseOne(String input) {
        List<Matcher> matchers = parse(input);
        if (matchers.size() != 1) {
            throw new IllegalArgumentException(
                    matchers.isEmpty() ? "no matchers" : "expected 1 matcher, found " + matchers.size());
        }
        return matchers.get(0);
    }

    /** Whether all of them match; an absent label counts as empty. */
    public static boolean matchAll(List<Matcher> matchers, Labels labels) {
        for (Matcher matcher : matchers) {
            if (!matches(matcher, labels.get(matcher.name()))) {
                return false;
            }
        }
        return true;
    }

    /** Whether it matches the value; other than in PromQL, the dot of a regular expression matches no line end. */
    public static boolean matches(Matcher matcher, String value) {
        boolean negated = matcher.type() == Matcher.Type.NOT_REGEX;
        if (value.indexOf('\n') < 0 || (!negated && matcher.type() != Matcher.Type.REGEX)) {
            return matcher.matches(value);
        }
        return Regex.find("^(?:" + matcher.value() + ")$", value) != negated;
    }

    /** The text of a matcher, its name in quotes only if it must be. */
    public static String format(Matcher matcher) {
        StringBuilder out = new StringBuilder();
        boolean quoted = matcher.name().isEmpty()
                || matcher.name().codePoints().anyMatch(c -> MatcherLexer.isReserved(c) || MatcherLexer.isSpace(c));
        if (quoted) {
            Labels.appendQuoted(out, matcher.name());
        } else {
            out.append(matcher.name());
        }
        out.append(matcher.type().symbol()).append('"');
        for (int i = 0; i < matcher.value().length(); i++) {
            char c = matcher.value().charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                default -> out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
